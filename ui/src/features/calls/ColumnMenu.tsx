import { Button, Popover } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../../components/Icon";
import { changeSettings, useSettings } from "../../lib/settings";
import classes from "./ColumnMenu.module.css";
import { columns, shownColumns } from "./columns";

/** Which columns the table has; kept on this device. */
export function ColumnMenu() {
	const [opened, setOpened] = useState(false);
	const { columns: chosen } = useSettings();
	const shown = shownColumns(chosen).map((c) => c.id);
	const toggle = (id: string) => {
		const next = shown.includes(id) ? shown.filter((c) => c !== id) : [...shown, id];
		if (next.length > 0) changeSettings({ columns: next });
	};
	return (
		<Popover opened={opened} onChange={setOpened} position="bottom-end" width={230} trapFocus returnFocus>
			<Popover.Target>
				<Button
					variant="subtle"
					color="gray"
					leftSection={<Icon name="columns" />}
					onClick={() => setOpened(!opened)}
				>
					Columns
				</Button>
			</Popover.Target>
			<Popover.Dropdown aria-label="Columns">
				<div className={classes.list}>
					{columns.map((c) => (
						<label key={c.id} className={classes.option}>
							<input type="checkbox" checked={shown.includes(c.id)} onChange={() => toggle(c.id)} />
							{c.title}
						</label>
					))}
				</div>
				<Button variant="subtle" color="gray" fullWidth onClick={() => changeSettings({ columns: [] })}>
					Usual columns
				</Button>
			</Popover.Dropdown>
		</Popover>
	);
}
