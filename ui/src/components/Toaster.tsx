import { ActionIcon, Button } from "@mantine/core";
import { dropToast, type Toast, useToasts } from "../lib/toast";
import { Icon, type IconName } from "./Icon";
import classes from "./Toaster.module.css";

const icons: Partial<Record<Toast["tone"], IconName>> = {
	good: "check",
	watch: "alert",
	bad: "alert",
	info: "info",
};

/** Where toasts appear. The region is always there, so that readers hear what enters it. */
export function Toaster() {
	const toasts = useToasts();
	return (
		<div className={classes.region} role="status" aria-live="polite">
			{toasts.map((t) => (
				<div
					key={t.id}
					className={classes.toast}
					data-tone={t.tone}
					role={t.tone === "bad" ? "alert" : undefined}
				>
					{icons[t.tone] && <Icon name={icons[t.tone] as IconName} />}
					<div className={classes.text}>
						<div className={classes.title}>{t.title}</div>
						{t.detail && <div className="rs-dim">{t.detail}</div>}
					</div>
					{t.action && (
						<Button
							size="xs"
							onClick={() => {
								t.action?.run();
								dropToast(t.id);
							}}
						>
							{t.action.label}
						</Button>
					)}
					<ActionIcon size="sm" aria-label="Dismiss" onClick={() => dropToast(t.id)}>
						<Icon name="close" size={14} />
					</ActionIcon>
				</div>
			))}
		</div>
	);
}
