import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { step } from "../../test/analysed";
import { golden } from "../../test/golden";
import { type Answers, fail, renderPage, session } from "../../test/page";
import { heard, mono, report, soundLimits } from "../../test/recording";
import type { Call } from "./types";

function answers(call: Partial<Call>, more: Answers = {}): Answers {
	return {
		"/v1/calls/c1": { ...golden("vapi", "end-of-call-report"), id: "c1", short_id: "abc123", ...call },
		"/v1/calls/c1/neighbours": { previous: null, next: null },
		"/v1/calls/c1/notes": { notes: [] },
		"/v1/calls/c1/audio": report(),
		"/v1/sound-limits": { items: soundLimits },
		"/v1/evaluations": { items: [], next_cursor: "" },
		...more,
	};
}

/** As far as the page asks for it: what is sent, and what the test says to it. */
class FakeUpload {
	static last: FakeUpload;
	upload = { onprogress: null as null | ((e: unknown) => void) };
	onload = () => {};
	onerror = () => {};
	onabort = () => {};
	status = 0;
	responseText = "";
	asked = "";
	body: unknown = null;
	open = (method: string, path: string) => {
		this.asked = `${method} ${path}`;
	};
	setRequestHeader = () => {};
	send = (body: unknown) => {
		this.body = body;
		FakeUpload.last = this;
	};
	abort = () => this.onabort();
	answer(status: number, body = "") {
		this.status = status;
		this.responseText = body;
		this.onload();
	}
}

const file = new File(["RIFF"], "call.wav");

async function give() {
	fireEvent.change(await screen.findByLabelText("Recording to give"), { target: { files: [file] } });
	await waitFor(() => expect(FakeUpload.last?.body).toBe(file));
	return FakeUpload.last;
}

describe("the recording of a call", () => {
	beforeEach(() => {
		vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => {});
		vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
		vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
		vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(600);
		vi.stubGlobal("XMLHttpRequest", FakeUpload);
		FakeUpload.last = undefined as unknown as FakeUpload;
	});
	afterEach(() => {
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
	});

	it("is drawn with what was heard in it, and a slider over it", async () => {
		renderPage("/calls/c1?tab=transcript", answers(heard()));
		const silence = await screen.findByRole("button", {
			name: "Silence at 0:06.0: Nobody speaks for 4.00 s, the caller's turn",
		});
		const timeline = screen.getByRole("region", { name: "Timeline" });
		expect(timeline.querySelectorAll("canvas")).toHaveLength(3);
		expect(within(timeline).getByText(/Wait heard before 1 turn, median 1\.00 s/)).toBeTruthy();
		expect(within(timeline).getByText("Claimed by Vapi, median 2.31 s")).toBeTruthy();
		const slider = screen.getByRole("slider", { name: "Position in the call" });
		const words = document.getElementById(slider.getAttribute("aria-describedby") ?? "");
		expect(words?.textContent).toContain("Waveform of 0:10");
		fireEvent.click(silence);
		expect(slider.getAttribute("aria-valuenow")).toBe("6");
		expect(await screen.findByRole("button", { name: "Skip silence", pressed: false })).toBeTruthy();
		const save = screen.getByRole("link", { name: "Download the recording" });
		expect(save.getAttribute("href")).toBe("/v1/calls/c1/recording?download=true");
		expect(document.querySelector("audio")?.getAttribute("src")).toBe("/v1/calls/c1/recording?v=5ad1");
	});

	it("is saved as it is kept, or as a WAV file where it is none", async () => {
		const call = heard();
		const kept = call.kept && { ...call.kept, type: "audio/mpeg" };
		renderPage("/calls/c1?tab=transcript", answers({ ...call, kept }));
		fireEvent.click(await screen.findByRole("button", { name: "Download the recording" }));
		const items = await screen.findAllByRole("menuitem");
		expect(items.map((i) => [i.textContent, i.getAttribute("href")])).toEqual([
			["MP3, as it is kept", "/v1/calls/c1/recording?download=true"],
			["WAV, for any program", "/v1/calls/c1/recording?format=wav"],
		]);
	});

	it("is saved also where the browser cannot play it", async () => {
		renderPage("/calls/c1?tab=transcript", answers(heard()));
		await screen.findByRole("toolbar", { name: "Player" });
		const audio = document.querySelector("audio");
		if (audio) fireEvent.error(audio);
		expect(await screen.findByText(/could not be played: the server did not send it/)).toBeTruthy();
		expect(screen.getByRole("link", { name: "Download the recording" })).toBeTruthy();
	});

	it("is asked for again when it was heard anew beside a transcript that came late", async () => {
		const pipeline = [step("recording", "done")];
		let call = { ...heard({ agent_channel: null, channels: 1 }), pipeline };
		let said = mono();
		const { requests } = renderPage(
			"/calls/c1",
			answers(call, {
				"/v1/calls/c1": () => answers(call)["/v1/calls/c1"],
				"/v1/calls/c1/audio": () => said,
				"/v1/calls/c1/steps/recording/retry": {},
			}),
		);
		expect(await screen.findByText(/^Nothing can be told of who speaks/)).toBeTruthy();
		[call, said] = [{ ...heard(), pipeline }, report()];
		fireEvent.click(await screen.findByRole("button", { name: /^Retry: / }));
		expect(await screen.findByText(/Wait heard before/)).toBeTruthy();
		expect(requests.filter((r) => r.url.endsWith("/v1/calls/c1/audio"))).toHaveLength(2);
	});

	it("says that one channel tells nothing of who speaks", async () => {
		const call = heard({ channels: 1, agent_channel: null });
		renderPage("/calls/c1?tab=transcript", answers(call, { "/v1/calls/c1/audio": mono() }));
		expect(
			await screen.findByText(/^Nothing can be told of who speaks\. The recording has one channel/),
		).toBeTruthy();
		expect(screen.getByRole("region", { name: "Timeline" }).querySelectorAll("canvas")).toHaveLength(1);
		expect(screen.queryByText(/Wait heard/)).toBeNull();
	});

	it("has its room before it is here, so that nothing moves", async () => {
		const never = () => new Promise(() => {});
		renderPage("/calls/c1", answers({ ...heard(), turns: [] }, { "/v1/calls/c1/audio": never }));
		const timeline = within(await screen.findByRole("region", { name: "Timeline" }));
		for (const label of ["Agent", "Caller", "Wait", "The waveform is on its way."])
			expect(timeline.getByText(label), label).toBeTruthy();
	});

	it("keeps the strip when the report does not come, and asks again", async () => {
		let broken = true;
		const audio = () => (broken ? fail(500, "The disk is full.") : report());
		renderPage("/calls/c1?tab=transcript", answers(heard(), { "/v1/calls/c1/audio": audio }));
		expect(await screen.findByText("The waveform could not be loaded: The disk is full.")).toBeTruthy();
		expect(screen.getByRole("slider", { name: "Position in the call" })).toBeTruthy();
		broken = false;
		fireEvent.click(screen.getByRole("button", { name: "Try again" }));
		expect(await screen.findByText(/Wait heard before/)).toBeTruthy();
	});

	it("says why none is kept, in the step's words", async () => {
		const lost = step("recording", "lost", "storage.example answered 403.");
		renderPage("/calls/c1?tab=transcript", answers({ pipeline: [lost] }));
		expect(await screen.findByText("storage.example answered 403.")).toBeTruthy();
		expect(screen.getByText("Lost")).toBeTruthy();
		expect(screen.queryByRole("toolbar", { name: "Player" })).toBeNull();
	});

	it("is given by a file, with progress, and shown once it was heard", async () => {
		let call: Partial<Call> = { pipeline: [step("recording", "skipped", "None is told of.")] };
		const one = () => answers(call)["/v1/calls/c1"];
		renderPage("/calls/c1?tab=transcript", answers({}, { "/v1/calls/c1": one }));
		const upload = await give();
		expect(upload.asked).toBe("PUT /v1/calls/c1/recording");
		upload.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 });
		expect(await screen.findByText("25 %")).toBeTruthy();
		upload.answer(202);
		expect(await screen.findByText(/is being listened to/)).toBeTruthy();
		const done = { ...step("recording", "done"), at: "2026-11-20T09:05:00Z" };
		call = { ...heard(), pipeline: [done] };
		expect(await screen.findByText(/Wait heard before/)).toBeTruthy();
		expect(screen.queryByText(/is being listened to/)).toBeNull();
	});

	it("says the server's refusal, and takes a cancel without a word", async () => {
		renderPage("/calls/c1?tab=transcript", answers({}));
		(await give()).answer(422, JSON.stringify({ code: "invalid", detail: "the file is a video" }));
		expect(await screen.findByText("The recording was not taken: the file is a video.")).toBeTruthy();
		FakeUpload.last.body = null;
		await give();
		fireEvent.click(await screen.findByRole("button", { name: "Cancel" }));
		expect(await screen.findByRole("button", { name: "Give a recording" })).toBeTruthy();
		expect(screen.queryByText(/was not taken/)).toBeNull();
	});

	it("tells its sound in figures with what they mean, beside the vendor's claim", async () => {
		renderPage("/calls/c1", answers({ ...heard(), response_ms: 900 }));
		expect(await screen.findByText("Cuts in at times")).toBeTruthy();
		const card = within(screen.getByRole("region", { name: "Sound" }));
		expect(card.getByText("Prompt")).toBeTruthy();
		expect(card.getByText("Noisy")).toBeTruthy();
		expect(card.getByText(/P95 response\. Why: it takes 10 responses, and there are 5\.$/)).toBeTruthy();
		expect(
			await card.findByRole("button", { name: /^Median response: .*Between turns\. Confidence high/ }),
		).toBeTruthy();
		const claim = card.getByRole("region", { name: "Heard against claimed" });
		expect(claim.textContent).toContain("Median response 1.24 s heard, 900 ms claimed by Vapi");
		expect(claim.textContent).toContain("Heard 340 ms longer than claimed");
	});

	it("judges nothing without the limits, and says so", async () => {
		renderPage("/calls/c1", answers(heard(), { "/v1/sound-limits": fail(500, "The disk is full.") }));
		const note = /^No verdicts: what the figures are judged by could not be loaded\. The disk is full/;
		expect(await screen.findByText(note)).toBeTruthy();
		expect(screen.queryByText("Cuts in at times")).toBeNull();
	});

	const expressed = () => {
		const base = heard();
		const expression = { estimated: 4, upset: [1], method: "estimate" };
		const call = { ...base, analysis: { ...base.analysis, expression } } as Partial<Call>;
		const anger = { name: "anger", score: 0.81, method: "voice and words", confidence: "medium" as const };
		const expressions = [{ turn: 1, at_ms: 1000, end_ms: 2000, scores: [anger] }];
		return answers(call, { "/v1/calls/c1/audio": report({ expressions }) });
	};

	it("sums up how the customer sounds", async () => {
		renderPage("/calls/c1", expressed());
		const summed = await screen.findByRole("region", { name: "How the customer sounds" });
		expect(summed.textContent).toContain("1 turn sounds upset, of 4 that");
	});

	it("says how a turn sounds as an estimate", async () => {
		renderPage("/calls/c1?tab=transcript", expressed());
		const label = await screen.findByRole("button", {
			name: /^sounds angry, estimate\. Estimate from sound: anger 81/,
		});
		expect(label.textContent).toBe("sounds angry, estimate");
	});

	it("has no figures of a sound that nobody heard", async () => {
		renderPage("/calls/c1", answers({}));
		expect(await screen.findByText("How it ended")).toBeTruthy();
		expect(screen.queryByRole("region", { name: "Sound" })).toBeNull();
	});

	it("says that a kept one could not be measured", async () => {
		const why = "It is kept, and could not be measured: it has no sound.";
		const call = { ...heard(), analysis: undefined as never, pipeline: [step("recording", "done", why)] };
		renderPage("/calls/c1?tab=transcript", answers(call));
		expect(await screen.findByText(why)).toBeTruthy();
		expect(screen.getByRole("toolbar", { name: "Player" })).toBeTruthy();
	});

	it("tells how the giving of it ended to who looks at something else by then", async () => {
		renderPage("/calls/c1?tab=transcript", answers({}));
		const upload = await give();
		fireEvent.click(screen.getByRole("tab", { name: "Overview" }));
		expect(await screen.findByText("How it ended")).toBeTruthy();
		upload.answer(422, JSON.stringify({ code: "invalid", detail: "the file is a video" }));
		expect(await screen.findByText("The recording was not taken")).toBeTruthy();
		expect(screen.getByText("the file is a video.")).toBeTruthy();
	});

	it("is given by nobody who may only look, nor while the call goes on", async () => {
		const viewer = { ...session, user: { ...session.user, role: "viewer" } };
		renderPage("/calls/c1?tab=transcript", answers({}, { "/v1/session": viewer }));
		expect(await screen.findByText(/link to the recording has expired/)).toBeTruthy();
		expect(screen.queryByRole("button", { name: "Give a recording" })).toBeNull();
	});
});
