import { type PointerEvent, useEffect, useRef, useState } from "react";

/** A mouse that has lain still for this long points at nothing. */
const stillMs = 8000;

/** Whether somebody points at a thing: then nothing in it may move. A screen that only hangs there is not held up. */
export function useHold() {
	const [held, setHeld] = useState(false);
	const timer = useRef(0);
	const release = () => {
		window.clearTimeout(timer.current);
		setHeld(false);
	};
	const touch = (e: PointerEvent) => {
		if (e.pointerType === "touch") return;
		window.clearTimeout(timer.current);
		timer.current = window.setTimeout(() => setHeld(false), stillMs);
		setHeld(true);
	};
	useEffect(() => () => window.clearTimeout(timer.current), []);
	return { held, release, on: { onPointerEnter: touch, onPointerMove: touch, onPointerLeave: release } };
}
