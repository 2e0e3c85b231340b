import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type Ref, type RefObject, useEffect, useImperativeHandle, useRef } from "react";
import classes from "./Rows.module.css";

/** From here on rows are made only while they are in sight. */
const virtualFrom = 100;

export interface RowsHandle {
	/** Brings a row into sight, if it is out of it. */
	reveal: (index: number) => void;
}

interface RowsProps {
	label: string;
	count: number;
	/** Height of a row before it is measured, in px. */
	estimate: number;
	keyOf: (index: number) => string;
	render: (index: number) => ReactNode;
	/** The person moved the list by hand. */
	onMoved?: () => void;
	/** Stays at the end while rows come. */
	stick?: boolean;
	/** The list came to its end, or left it. */
	onEnd?: (there: boolean) => void;
	ref?: Ref<RowsHandle>;
}

/** A list that scrolls in itself, of rows of any height. */
export function Rows(props: RowsProps) {
	return props.count > virtualFrom ? <VirtualRows {...props} /> : <PlainRows {...props} />;
}

const margin = 24;

function PlainRows({ label, count, keyOf, render, ref, ...rest }: RowsProps) {
	const box = useRef<HTMLDivElement>(null);
	useImperativeHandle(ref, () => ({
		reveal: (index) => {
			const row = box.current?.querySelector(`[data-index="${index}"]`);
			if (!box.current || !row) return;
			const outer = box.current.getBoundingClientRect();
			const inner = row.getBoundingClientRect();
			if (inner.top >= outer.top + margin && inner.bottom <= outer.bottom - margin) return;
			box.current.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
		},
	}));
	return (
		<Scroller label={label} box={box} {...rest}>
			<ol className={classes.list}>
				{Array.from({ length: count }, (_, i) => (
					<li key={keyOf(i)} data-index={i}>
						{render(i)}
					</li>
				))}
			</ol>
		</Scroller>
	);
}

function VirtualRows({ label, count, estimate, keyOf, render, ref, ...rest }: RowsProps) {
	const box = useRef<HTMLDivElement>(null);
	const rows = useVirtualizer({
		count,
		getScrollElement: () => box.current,
		estimateSize: () => estimate,
		getItemKey: keyOf,
		overscan: 12,
	});
	useImperativeHandle(ref, () => ({ reveal: (index) => rows.scrollToIndex(index, { align: "center" }) }));
	return (
		<Scroller label={label} box={box} {...rest}>
			<ol className={classes.list} style={{ height: rows.getTotalSize() }}>
				{rows.getVirtualItems().map((item) => (
					<li
						key={item.key}
						ref={rows.measureElement}
						data-index={item.index}
						aria-setsize={count}
						aria-posinset={item.index + 1}
						className={classes.placed}
						style={{ transform: `translateY(${item.start}px)` }}
					>
						{render(item.index)}
					</li>
				))}
			</ol>
		</Scroller>
	);
}

interface ScrollerProps extends Pick<RowsProps, "onMoved" | "stick" | "onEnd"> {
	label: string;
	box: RefObject<HTMLDivElement | null>;
	children: ReactNode;
}

const scrollKeys = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"];

/** So near to its end a list is there. */
const endPx = 24;

function Scroller({ label, box, onMoved, stick, onEnd, children }: ScrollerProps) {
	useStick(box, stick ?? false);
	return (
		<section
			ref={box}
			className={classes.scroller}
			aria-label={label}
			// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
			tabIndex={0}
			onWheel={onMoved}
			onTouchMove={onMoved}
			onKeyDown={(e) => {
				if (e.target === e.currentTarget && scrollKeys.includes(e.key)) onMoved?.();
			}}
			onScroll={({ currentTarget: e }) => onEnd?.(e.scrollHeight - e.scrollTop - e.clientHeight < endPx)}
		>
			{children}
		</section>
	);
}

/** Keeps a box at its end while it or what is in it grows. */
function useStick(box: RefObject<HTMLDivElement | null>, stick: boolean) {
	useEffect(() => {
		const e = box.current;
		if (!stick || !e) return;
		const toEnd = () => {
			e.scrollTop = e.scrollHeight;
		};
		toEnd();
		const sizes = new ResizeObserver(toEnd);
		for (const part of [e, ...e.children]) sizes.observe(part);
		return () => sizes.disconnect();
	}, [box, stick]);
}
