import { Popover, SegmentedControl, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useSession } from "../../api/session";
import { Icon } from "../../components/Icon";
import { KeyHint } from "../../components/KeyHint";
import { changeSettings, type Settings, useSettings } from "../../lib/settings";
import classes from "./Menu.module.css";
import { useSignOut } from "./signout";

interface ChoiceProps<K extends keyof Settings> {
	label: string;
	name: K;
	options: { value: Settings[K] & string; label: string }[];
}

function Choice<K extends "theme" | "density" | "zone">({ label, name, options }: ChoiceProps<K>) {
	const settings = useSettings();
	return (
		<div className={classes.choice}>
			<span>{label}</span>
			<SegmentedControl
				size="xs"
				aria-label={label}
				data={options}
				value={settings[name]}
				onChange={(value) => changeSettings({ [name]: value })}
			/>
		</div>
	);
}

/** Who is signed in, and what they can set for themselves. Not a menu: those hold no choices like these. */
export function PersonMenu({ onHelp }: { onHelp: () => void }) {
	const { user, version } = useSession();
	const { rail } = useSettings();
	const [opened, setOpened] = useState(false);
	const signOut = useSignOut();
	const name = user?.name || user?.email || "Signed in";
	return (
		<Popover opened={opened} onChange={setOpened} position="top-start" width={310} trapFocus returnFocus>
			<Popover.Target>
				<UnstyledButton className={classes.target} data-rail={rail} onClick={() => setOpened(!opened)}>
					<span className={`${classes.mark} ${classes.round}`} aria-hidden="true">
						{name.charAt(0).toUpperCase()}
					</span>
					<span className={classes.name}>
						{name}
						<span className="rs-sr">: theme, time zone, sign out</span>
					</span>
					<Icon name="up" size={12} />
				</UnstyledButton>
			</Popover.Target>
			<Popover.Dropdown aria-label={name}>
				<div className={classes.note}>{user?.email}</div>
				<Choice
					label="Theme"
					name="theme"
					options={[
						{ value: "system", label: "System" },
						{ value: "light", label: "Light" },
						{ value: "dark", label: "Dark" },
					]}
				/>
				<Choice
					label="Rows"
					name="density"
					options={[
						{ value: "comfortable", label: "Roomy" },
						{ value: "compact", label: "Compact" },
					]}
				/>
				<Choice
					label="Times in"
					name="zone"
					options={[
						{ value: "local", label: "My zone" },
						{ value: "utc", label: "UTC" },
					]}
				/>
				<hr className={classes.rule} />
				<UnstyledButton
					className={classes.item}
					onClick={() => {
						setOpened(false);
						onHelp();
					}}
				>
					<Icon name="question" />
					<span className={classes.grow}>Keys</span>
					<KeyHint keys="?" />
				</UnstyledButton>
				<a className={classes.item} href="/docs" target="_blank" rel="noreferrer">
					<Icon name="external" />
					API reference
				</a>
				<UnstyledButton className={classes.item} onClick={() => signOut.mutate()}>
					<Icon name="out" />
					Sign out
				</UnstyledButton>
				<div className={classes.note}>Ringside {version}</div>
			</Popover.Dropdown>
		</Popover>
	);
}
