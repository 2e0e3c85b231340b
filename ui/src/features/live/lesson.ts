/** A first call, made by hand. It outlives what teaches it: the call has to be ended. */
export interface Lesson {
	/** The call's name. */
	call: string;
	/** Shown once, when it was made. */
	key: string | null;
	/** The command that begins the call was taken, or a key was made for it. */
	begun: boolean;
}

export const newLesson = (): Lesson => ({
	call: `first-live-${Math.floor(Date.now() / 1000)}`,
	key: null,
	begun: false,
});
