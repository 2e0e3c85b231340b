import { ActionIcon } from "@mantine/core";
import { type ReactNode, useRef, useState } from "react";
import { Icon } from "./Icon";
import classes from "./Peek.module.css";

interface PeekProps {
	label: string;
	head?: ReactNode;
	onClose: () => void;
	children: ReactNode;
}

const narrowest = 320;
const widest = 900;

/**
 * A drawer at the right of a list that stays in use beside it: it takes no
 * focus and traps none. Place it as the last child of a flex row. Its left
 * edge can be dragged, or moved with the arrow keys. Under 900 px it covers
 * the list.
 */
export function Peek({ label, head, onClose, children }: PeekProps) {
	const [width, setWidth] = useState(460);
	const from = useRef<{ x: number; width: number } | null>(null);
	const set = (w: number) => setWidth(Math.min(widest, Math.max(narrowest, w)));
	return (
		<aside className={classes.peek} aria-label={label} style={{ width }}>
			<div
				className={classes.edge}
				role="separator"
				aria-orientation="vertical"
				aria-label="Width of the drawer"
				aria-valuenow={width}
				aria-valuemin={narrowest}
				aria-valuemax={widest}
				tabIndex={0}
				onKeyDown={(e) => {
					if (e.key === "ArrowLeft") set(width + 24);
					else if (e.key === "ArrowRight") set(width - 24);
				}}
				onPointerDown={(e) => {
					from.current = { x: e.clientX, width };
					e.currentTarget.setPointerCapture(e.pointerId);
				}}
				onPointerMove={(e) => {
					if (from.current) set(from.current.width + from.current.x - e.clientX);
				}}
				onPointerUp={() => {
					from.current = null;
				}}
			/>
			<header className={classes.head}>
				<div className={classes.title}>{head}</div>
				<ActionIcon aria-label="Close (Esc)" onClick={onClose}>
					<Icon name="close" />
				</ActionIcon>
			</header>
			<div className={classes.body}>{children}</div>
		</aside>
	);
}
