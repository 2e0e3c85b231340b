import type { Role, User } from "./queries";

export const roles: { value: Role; label: string; help: string }[] = [
	{ value: "viewer", label: "Viewer", help: "Looks at calls, agents and numbers; changes nothing." },
	{
		value: "member",
		label: "Member",
		help: "Also changes agents and sources, writes notes, replays deliveries.",
	},
	{ value: "admin", label: "Admin", help: "Also manages users, workspaces and keys." },
];

export function roleName(role: string): string {
	return roles.find((r) => r.value === role)?.label ?? role;
}

/** Whether somebody is the only admin: taking that away would lock everybody out. */
export function isLastAdmin(user: User, users: readonly User[]): boolean {
	return user.role === "admin" && users.filter((u) => u.role === "admin").length === 1;
}

/** What to send to somebody who was just added. */
export function invitation(publicURL: string, email: string, password: string): string {
	return [
		"You can sign in to Ringside:",
		`${publicURL}/signin`,
		`Email: ${email}`,
		`Password: ${password}`,
		"Change the password under Settings, Users.",
	].join("\n");
}
