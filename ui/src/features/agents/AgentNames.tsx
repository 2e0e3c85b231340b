import { useQuery } from "@tanstack/react-query";
import { plural } from "../../lib/format";
import { agentsQuery } from "./queries";

const most = 3;

/** Some agents by name, a long list cut; none means all of them. */
export function AgentNames({ ids }: { ids: readonly string[] }) {
	const { data: agents } = useQuery({ ...agentsQuery, enabled: ids.length > 0 });
	if (ids.length === 0 || ids.includes("all")) return <>Every agent</>;
	const names = ids.map((id) => agents?.find((a) => a.id === id)?.name || id);
	return (
		<span title={names.length > most ? names.join(", ") : undefined}>
			{names.slice(0, most).join(", ")}
			{names.length > most && ` and ${plural(names.length - most, "other")}`}
		</span>
	);
}
