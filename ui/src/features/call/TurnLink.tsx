import { Link, type LinkComponentProps } from "@tanstack/react-router";

interface TurnLinkProps
	extends Pick<LinkComponentProps<"a">, "className" | "title" | "tabIndex" | "aria-label"> {
	turn: number;
	children?: React.ReactNode;
}

/** Leads into the transcript, to a turn. */
export function TurnLink({ turn, children, ...rest }: TurnLinkProps) {
	return (
		<Link
			from="/calls/$id"
			to="."
			search={(now) => ({ ...now, tab: "transcript" as const, turn, t: undefined, find: undefined })}
			preload={false}
			{...rest}
		>
			{children}
		</Link>
	);
}
