import { type RefObject, useEffect, useRef } from "react";

/** Paints onto a canvas in its device's pixels. `ratio` is how many of them a CSS pixel has. */
export type Paint = (c: CanvasRenderingContext2D, width: number, height: number, ratio: number) => void;

/** The value of a colour token where the element stands. */
export const colourOf = (element: Element, token: string): string =>
	getComputedStyle(element).getPropertyValue(token).trim();

/** A canvas that is painted anew when its size, the screen's density, the theme or what it shows changes. */
export function useCanvas(paint: Paint): RefObject<HTMLCanvasElement | null> {
	const ref = useRef<HTMLCanvasElement>(null);
	useEffect(() => {
		const canvas = ref.current;
		const context = canvas?.getContext("2d");
		if (!canvas || !context) return;
		let frame = 0;
		const draw = () => {
			const ratio = window.devicePixelRatio || 1;
			const width = Math.round(canvas.clientWidth * ratio);
			const height = Math.round(canvas.clientHeight * ratio);
			if (width === 0 || height === 0) return;
			if (canvas.width !== width) canvas.width = width;
			if (canvas.height !== height) canvas.height = height;
			context.clearRect(0, 0, width, height);
			paint(context, width, height, ratio);
		};
		const soon = () => {
			cancelAnimationFrame(frame);
			frame = requestAnimationFrame(draw);
		};
		draw();
		const sized = new ResizeObserver(soon);
		sized.observe(canvas);
		const themed = new MutationObserver(soon);
		themed.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
		window.addEventListener("resize", soon); // a zoom may change the density alone
		return () => {
			cancelAnimationFrame(frame);
			sized.disconnect();
			themed.disconnect();
			window.removeEventListener("resize", soon);
		};
	}, [paint]);
	return ref;
}
