import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { ApiError, sentence } from "../api/error";
import { Icon, type IconName } from "./Icon";
import classes from "./States.module.css";

interface EmptyProps {
	icon?: IconName;
	title: string;
	/** What would be here and how to get it here. */
	children?: ReactNode;
	action?: ReactNode;
}

export function EmptyState({ icon = "inbox", title, children, action }: EmptyProps) {
	return (
		<div className={classes.state}>
			<span className={classes.icon}>
				<Icon name={icon} size={22} />
			</span>
			<h2 className={classes.title}>{title}</h2>
			{children && <div className={classes.text}>{children}</div>}
			{action && <div className={classes.action}>{action}</div>}
		</div>
	);
}

interface ErrorProps {
	/** What was being done: "load the calls". */
	doing: string;
	error: unknown;
	retry?: () => void;
}

/** What happened, whose side, and what to do. */
export function ErrorState({ doing, error, retry }: ErrorProps) {
	const code = error instanceof ApiError ? error.code : "";
	return (
		<div className={classes.state} role="alert" data-tone="bad">
			<span className={classes.icon}>
				<Icon name="alert" size={22} />
			</span>
			<h2 className={classes.title}>Could not {doing}</h2>
			<div className={classes.text}>
				{sentence(error)}
				{code && (
					<>
						{" "}
						<code className={classes.code}>{code}</code>
					</>
				)}
			</div>
			{retry && (
				<div className={classes.action}>
					<Button leftSection={<Icon name="refresh" />} onClick={retry}>
						Try again
					</Button>
				</div>
			)}
		</div>
	);
}

/** A grey line where text will stand. Width in per cent of its place. */
export function SkeletonLine({ width = 100, height = 12 }: { width?: number; height?: number }) {
	return <span className={classes.bone} style={{ width: `${width}%`, height }} aria-hidden="true" />;
}

/** Lines of uneven length, as a paragraph or a form has. */
export function SkeletonText({ lines = 4 }: { lines?: number }) {
	return (
		<div className={classes.lines} role="status" aria-label="Loading">
			{Array.from({ length: lines }, (_, i) => (
				<SkeletonLine key={i} width={[92, 74, 85, 58][i % 4]} />
			))}
		</div>
	);
}

/** Rows at the height that the table's rows will have. */
export function SkeletonRows({ rows = 12 }: { rows?: number }) {
	return (
		<div role="status" aria-label="Loading">
			{Array.from({ length: rows }, (_, i) => (
				<div key={i} className={classes.row}>
					<SkeletonLine width={8} />
					<SkeletonLine width={[16, 12, 19][i % 3]} />
					<SkeletonLine width={[22, 26][i % 2]} />
					<SkeletonLine width={9} />
					<SkeletonLine width={[14, 20, 11][i % 3]} />
				</div>
			))}
		</div>
	);
}
