import { KeyHint } from "../../components/KeyHint";
import { Modal } from "../../components/Modal";
import { type KeyBinding, useAllKeys } from "../../lib/keys";
import classes from "./HelpSheet.module.css";

/** Every key that works on this page, by group. */
export function HelpSheet({ onClose }: { onClose: () => void }) {
	const groups = byGroup(useAllKeys());
	return (
		<Modal
			opened
			onClose={onClose}
			title="Keys"
			size="lg"
			zIndex={400}
			closeButtonProps={{ "aria-label": "Close" }}
		>
			<div className={classes.groups}>
				{groups.map(([group, keys]) => (
					<section key={group}>
						<h3 className={classes.group}>{group}</h3>
						<dl>
							{keys.map((k) => (
								<div key={k.keys} className={classes.row}>
									<dt>{k.label}</dt>
									<dd>
										<KeyHint keys={k.keys} />
										<span className="rs-sr">{k.keys}</span>
									</dd>
								</div>
							))}
						</dl>
					</section>
				))}
			</div>
		</Modal>
	);
}

export function byGroup(bindings: KeyBinding[]): [string, KeyBinding[]][] {
	const groups = new Map<string, KeyBinding[]>();
	for (const b of bindings) {
		if (!b.label) continue;
		const list = groups.get(b.group ?? "This page") ?? [];
		if (!list.some((x) => x.keys === b.keys)) groups.set(b.group ?? "This page", [...list, b]);
	}
	return [...groups];
}
