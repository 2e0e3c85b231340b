import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A busy machine may take seconds to load a route's modules.
configure({ asyncUtilTimeout: 20_000 });

afterEach(cleanup);

// What jsdom lacks and the components ask for.
window.matchMedia = (query: string) =>
	({
		matches: false,
		media: query,
		onchange: null,
		addEventListener: () => {},
		removeEventListener: () => {},
		addListener: () => {},
		removeListener: () => {},
		dispatchEvent: () => false,
	}) as MediaQueryList;

class NoResize {
	observe() {}
	unobserve() {}
	disconnect() {}
}
window.ResizeObserver = NoResize;
Element.prototype.scrollIntoView = () => {};
Element.prototype.scrollTo = function (this: Element, to?: ScrollToOptions | number) {
	this.scrollTop = typeof to === "object" ? (to.top ?? 0) : 0;
	this.dispatchEvent(new Event("scroll"));
} as typeof Element.prototype.scrollTo;
// A text area that grows listens for fonts that arrive late.
Object.defineProperty(document, "fonts", { value: new EventTarget() });
