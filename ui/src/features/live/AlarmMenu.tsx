import { Button, Popover, Switch, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../../components/Icon";
import { changeSettings, useSettings } from "../../lib/settings";
import { askPermission, beep, permission } from "./alarm";
import classes from "./live.module.css";

const whyNot: Record<string, string> = {
	denied:
		"This browser blocks notifications of this page. Allow them beside the address, then switch this on.",
	missing: "Notifications need a page served by https, or from this machine.",
};

/** What a critical alert may do to somebody who looks elsewhere: nothing, until it is switched on. */
export function AlarmMenu() {
	const { liveSound, liveNotify } = useSettings();
	const [opened, setOpened] = useState(false);
	const [why, setWhy] = useState("");
	const sound = (on: boolean) => {
		changeSettings({ liveSound: on });
		if (on) beep();
	};
	const notify = async (on: boolean) => {
		const answer = on ? await askPermission() : permission();
		changeSettings({ liveNotify: on && answer === "granted" });
		setWhy(on && answer !== "granted" ? (whyNot[answer] ?? "The browser was not allowed to notify.") : "");
	};
	const on = liveSound || liveNotify;
	return (
		<Popover opened={opened} onChange={setOpened} position="bottom-end" width={300} trapFocus returnFocus>
			<Popover.Target>
				<Button leftSection={<Icon name="bell" size={14} />} onClick={() => setOpened(!opened)}>
					Alarms {on ? "on" : "off"}
				</Button>
			</Popover.Target>
			<Popover.Dropdown aria-label="Alarms">
				<div className={classes.alarms}>
					<p>When a critical alert comes up in any live call, also while you look at another page:</p>
					<Switch label="Play a sound" checked={liveSound} onChange={(e) => sound(e.currentTarget.checked)} />
					<Switch
						label="Show a browser notification"
						checked={liveNotify}
						onChange={(e) => void notify(e.currentTarget.checked)}
					/>
					{why && (
						<p className={classes.why} role="alert">
							{why}
						</p>
					)}
					<p className="rs-dim">
						Kept on this device.{" "}
						{liveSound && (
							<UnstyledButton className={classes.again} onClick={beep}>
								Play it again
							</UnstyledButton>
						)}
					</p>
				</div>
			</Popover.Dropdown>
		</Popover>
	);
}
