import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { providerName } from "../../lib/words";
import { providersQuery } from "../settings/queries";

interface ProviderSelectProps {
	value: string;
	onChange: (value: string) => void;
	error?: string;
	disabled?: boolean;
	description?: React.ReactNode;
}

/** Where an agent runs: a vendor that Ringside knows, custom, or what it already says. */
export function ProviderSelect({ value, onChange, error, disabled, description }: ProviderSelectProps) {
	const id = useId();
	const { data = [] } = useQuery(providersQuery);
	const known = new Map(data.map((p) => [p.id, p.name]));
	known.set("custom", providerName("custom"));
	if (value && !known.has(value)) known.set(value, providerName(value));
	return (
		<Select
			id={id}
			label="Provider"
			placeholder="Not said"
			description={description}
			clearable
			searchable
			data={[...known].map(([value, label]) => ({ value, label }))}
			value={value || null}
			error={error}
			disabled={disabled}
			onChange={(v) => onChange(v ?? "")}
		/>
	);
}
