import { MultiSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { agentsQuery } from "./queries";

interface SelectProps {
	description?: string;
	/** Ids; those of agents that are gone stay, until they are taken away. */
	value: string[];
	error?: string;
	onChange: (ids: string[]) => void;
}

/** Some agents; none chosen means all of them. */
export function AgentsSelect({ value, error, ...rest }: SelectProps) {
	const agents = useQuery(agentsQuery);
	const known = (agents.data ?? []).map((a) => ({ value: a.id, label: a.name || a.id }));
	const gone = value
		.filter((id) => !known.some((a) => a.value === id))
		.map((id) => ({ value: id, label: id }));
	return (
		<MultiSelect
			{...rest}
			label="Agents"
			placeholder={value.length === 0 ? "Every agent" : undefined}
			searchable
			limit={100}
			nothingFoundMessage="No agent of this name"
			data={[...gone, ...known]}
			value={value}
			error={error ?? (agents.isError ? "The agents could not be loaded" : undefined)}
		/>
	);
}
