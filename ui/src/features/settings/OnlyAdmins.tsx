import { Section } from "../../components/Page";
import { EmptyState } from "../../components/States";

export function OnlyAdmins({ what }: { what: string }) {
	return (
		<Section>
			<EmptyState icon="lock" title="For admins">
				{what} can be seen and changed by admins. Ask one of yours.
			</EmptyState>
		</Section>
	);
}
