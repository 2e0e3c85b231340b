import { describe, expect, it, vi } from "vitest";
import { Playback, pastSilence } from "./playback";

/** What a browser's audio element does, as far as the player asks for it. */
class FakeAudio extends EventTarget {
	currentTime = 0;
	duration = 60;
	readyState = 0;
	playbackRate = 1;
	paused = true;
	loads = 0;
	play = () => {
		this.paused = false;
		this.dispatchEvent(new Event("play"));
		return Promise.resolve();
	};
	pause = () => {
		this.paused = true;
		this.dispatchEvent(new Event("pause"));
	};
	load = () => {
		this.loads++;
	};
	arrive() {
		this.readyState = 1;
		this.dispatchEvent(new Event("loadedmetadata"));
	}
}

function attached(ms = 0) {
	const playback = new Playback(ms);
	const audio = new FakeAudio();
	const detach = playback.attach(audio as unknown as HTMLAudioElement);
	return { playback, audio, detach };
}

describe("the time cursor", () => {
	it("moves without a recording, and never before the start", () => {
		const p = new Playback();
		p.seek(4000);
		p.step(-9000);
		expect(p.read().ms).toBe(0);
		p.play();
		expect(p.read().playing).toBe(false);
	});

	it("starts a recording where the link says, once its header is here", () => {
		const { playback, audio } = attached(12_500);
		expect(audio.currentTime).toBe(0);
		audio.arrive();
		expect(audio.currentTime).toBe(12.5);
		expect(playback.read()).toMatchObject({ length: 60_000, ms: 12_500 });
	});

	it("starts there also when it is played before its header is here", async () => {
		const { playback, audio } = attached(12_500);
		playback.play();
		await new Promise((done) => requestAnimationFrame(done));
		expect(playback.read()).toMatchObject({ playing: true, ms: 12_500 });
		audio.arrive();
		expect(audio.currentTime).toBe(12.5);
		const paused = attached(7000);
		paused.playback.play();
		paused.playback.pause();
		expect(paused.playback.read().ms).toBe(7000);
	});

	it("takes a length that is known only later", () => {
		const { playback, audio } = attached();
		audio.duration = Number.POSITIVE_INFINITY;
		audio.arrive();
		expect(playback.read().length).toBeNull();
		audio.duration = 61;
		audio.dispatchEvent(new Event("durationchange"));
		expect(playback.read().length).toBe(61_000);
	});

	it("plays on when another recording takes the place of the one that plays", () => {
		const { playback, audio, detach } = attached();
		audio.arrive();
		playback.play();
		detach();
		const next = new FakeAudio();
		const leave = playback.attach(next as unknown as HTMLAudioElement);
		next.arrive();
		expect(next.paused).toBe(false);
		playback.pause();
		leave();
		const last = new FakeAudio();
		playback.attach(last as unknown as HTMLAudioElement);
		last.arrive();
		expect(last.paused).toBe(true);
	});

	it("begins at the speed that was chosen last", () => {
		const playback = new Playback(0, { speed: 2, skip: true });
		const audio = new FakeAudio();
		playback.attach(audio as unknown as HTMLAudioElement);
		audio.arrive();
		expect(audio.playbackRate).toBe(2);
		expect(playback.read().skip).toBe(true);
	});

	it("stays within the recording", () => {
		const { playback, audio } = attached();
		audio.arrive();
		playback.seek(90_000);
		expect(audio.currentTime).toBe(60);
		expect(playback.read().ms).toBe(60_000);
	});

	it("follows the sound while it plays", async () => {
		const { playback, audio } = attached();
		audio.arrive();
		const heard = vi.fn();
		playback.subscribe(heard);
		playback.toggle();
		expect(playback.read().playing).toBe(true);
		audio.currentTime = 3;
		await vi.waitFor(() => expect(playback.read().ms).toBe(3000));
		expect(heard).toHaveBeenCalled();
		playback.toggle();
		expect(audio.paused).toBe(true);
		expect(playback.read().playing).toBe(false);
	});

	it("keeps the speed over a change of recording", () => {
		const { playback, audio, detach } = attached();
		audio.arrive();
		playback.setSpeed(1.5);
		expect(audio.playbackRate).toBe(1.5);
		detach();
		const next = new FakeAudio();
		playback.attach(next as unknown as HTMLAudioElement);
		next.arrive();
		expect(next.playbackRate).toBe(1.5);
	});

	it("says that a recording failed, and asks for it again", () => {
		const { playback, audio } = attached();
		audio.dispatchEvent(new Event("error"));
		expect(playback.read().failed).toBe(true);
		playback.play();
		expect(playback.read().playing).toBe(false);
		playback.retry();
		expect(audio.loads).toBe(1);
		expect(playback.read().failed).toBe(false);
	});

	it("jumps over silences while that is on", async () => {
		const { playback, audio } = attached();
		audio.arrive();
		playback.setSilences([{ start: 4000, end: 9000 }]);
		expect(playback.read()).toMatchObject({ silent: true, skip: false });
		playback.play();
		audio.currentTime = 5;
		audio.dispatchEvent(new Event("timeupdate"));
		expect(audio.currentTime).toBe(5);
		playback.setSkip(true);
		expect(audio.currentTime).toBe(8.75);
		playback.pause();
		playback.seek(5000);
		audio.dispatchEvent(new Event("timeupdate"));
		expect(audio.currentTime).toBe(5);
		playback.play();
		await vi.waitFor(() => expect(playback.read().ms).toBe(8750));
	});

	it("skips a silence but for its edges, and never twice", () => {
		const silences = [
			{ start: 1000, end: 3000 },
			{ start: 5000, end: 9000 },
		];
		expect([0, 1000, 1249].map((ms) => pastSilence(ms, silences))).toEqual([null, null, null]);
		expect([1250, 2499].map((ms) => pastSilence(ms, silences))).toEqual([2750, 2750]);
		expect([2500, 2749, 2750, 4000].map((ms) => pastSilence(ms, silences))).toEqual([null, null, null, null]);
		expect(pastSilence(7000, silences)).toBe(8750);
	});

	it("lets go of the element", () => {
		const { playback, audio, detach } = attached();
		audio.arrive();
		detach();
		audio.dispatchEvent(new Event("error"));
		expect(playback.read()).toMatchObject({ failed: false, length: null, playing: false });
		playback.seek(1000);
		expect(audio.currentTime).toBe(0);
	});
});
