import { Button, Menu } from "@mantine/core";
import { Icon } from "../../components/Icon";
import { toParams } from "./filters";
import type { Filters } from "./search";

/** The address of a download of every call that the filters mean. */
export function exportURL(filters: Filters, format: "csv" | "ndjson", now: Date): string {
	const params = toParams(filters, now);
	params.set("format", format);
	return `/v1/calls/export?${params}`;
}

export function ExportMenu({ filters }: { filters: Filters }) {
	const now = new Date();
	return (
		<Menu position="bottom-end" width={240}>
			<Menu.Target>
				<Button variant="subtle" color="gray" leftSection={<Icon name="download" />}>
					Export
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Label>Every call that the filters mean</Menu.Label>
				<Menu.Item component="a" href={exportURL(filters, "csv", now)} download>
					CSV, for a spreadsheet
				</Menu.Item>
				<Menu.Item component="a" href={exportURL(filters, "ndjson", now)} download>
					NDJSON, one call a line
				</Menu.Item>
			</Menu.Dropdown>
		</Menu>
	);
}
