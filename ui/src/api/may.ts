import { useSession } from "./session";

export interface May {
	/** Change agents, sources and the inbox: everybody but viewers. */
	change: boolean;
	/** Manage keys, users and workspaces: admins. */
	manage: boolean;
}

export function mayOf(role: string | undefined): May {
	return { change: role === "admin" || role === "member", manage: role === "admin" };
}

/** What the person may do. The server holds them to it; the page only offers what will work. */
export function useMay(): May {
	return mayOf(useSession().user?.role);
}
