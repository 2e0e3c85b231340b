import { Button, Select, Tooltip } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { useSession } from "../../api/session";
import { Badge } from "../../components/Badge";
import { ConfirmButton } from "../../components/Confirm";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { Cell, Table } from "../../components/Table";
import { When } from "../../components/Values";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { InviteUser } from "./InviteUser";
import { PasswordDialog } from "./PasswordDialog";
import { type Role, type User, usersQuery } from "./queries";
import { ShowMore, useShown } from "./ShowMore";
import classes from "./settings.module.css";
import { isLastAdmin, roleName, roles } from "./users";

export function UsersSection() {
	return (
		<>
			<Own />
			{useMay().manage ? (
				<Users />
			) : (
				<Section>
					<EmptyState icon="lock" title="The others are for admins to see">
						An admin adds people, changes roles and sets new passwords.
					</EmptyState>
				</Section>
			)}
		</>
	);
}

/** One's own account: everybody may change their own password. */
function Own() {
	const { user } = useSession();
	const [changing, setChanging] = useState(false);
	if (!user) return null;
	return (
		<Section title="You" actions={<Button onClick={() => setChanging(true)}>Change your password</Button>}>
			{user.name}, {user.email}
			{changing && <PasswordDialog user={user} self onClose={() => setChanging(false)} />}
		</Section>
	);
}

function Users() {
	const users = useQuery(usersQuery);
	const [inviting, setInviting] = useState(false);
	const { shown, more } = useShown(users.data);
	const all = users.data ?? [];
	return (
		<Section
			title="Everybody"
			flush
			actions={
				<Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setInviting(true)}>
					Add somebody
				</Button>
			}
		>
			{users.isPending && <SkeletonRows rows={3} />}
			{users.isError && (
				<ErrorState doing="load the users" error={users.error} retry={() => void users.refetch()} />
			)}
			{shown.length > 0 && (
				<Table
					label="Users"
					columns={[
						{ label: "Name" },
						{ label: "Role" },
						{ label: "Last seen" },
						{ label: "Since", wide: true },
						{ label: "" },
					]}
				>
					{shown.map((u) => (
						<UserRow key={u.id} user={u} last={isLastAdmin(u, all)} />
					))}
				</Table>
			)}
			<ShowMore more={more} />
			{inviting && <InviteUser onClose={() => setInviting(false)} />}
		</Section>
	);
}

const lastAdmin = "The last admin keeps the role and stays: make somebody else an admin first.";

function UserRow({ user, last }: { user: User; last: boolean }) {
	const self = useSession().user?.id === user.id;
	const client = useQueryClient();
	const again = () => client.invalidateQueries({ queryKey: ["users"] });
	const [changing, setChanging] = useState(false);
	const change = useMutation({
		mutationFn: (role: Role) =>
			data(api.PATCH("/v1/users/{id}", { params: { path: { id: user.id } }, body: { role } })),
		onSuccess: async (u) => {
			toast({ title: `${u.name} is now ${roleName(u.role)}`, tone: "good" });
			await again();
			if (self) await client.invalidateQueries({ queryKey: ["session"] });
		},
		onError: (e) => toast({ title: "Could not change the role", detail: capital(sentence(e)), tone: "bad" }),
	});
	const remove = useMutation({
		mutationFn: () => api.DELETE("/v1/users/{id}", { params: { path: { id: user.id } } }),
		onSuccess: async () => {
			toast({ title: `${user.name} is removed` });
			await again();
		},
		onError: (e) => toast({ title: "Could not remove the user", detail: capital(sentence(e)), tone: "bad" }),
	});
	return (
		<tr>
			<Cell>
				<span className={classes.two}>
					<span className={classes.row}>
						{user.name} {self && <Badge>You</Badge>}
					</span>
					<span className="rs-dim">{user.email}</span>
				</span>
			</Cell>
			<Cell>
				{last ? (
					<Tooltip label={lastAdmin}>
						<span>
							<Badge icon="lock">{roleName(user.role)}</Badge>
						</span>
					</Tooltip>
				) : (
					<Select
						aria-label={`Role of ${user.name}`}
						data={roles.map(({ value, label }) => ({ value, label }))}
						value={user.role}
						allowDeselect={false}
						disabled={change.isPending}
						w={132}
						onChange={(v) => v && change.mutate(v as Role)}
					/>
				)}
			</Cell>
			<Cell>
				{user.last_seen_at ? <When at={user.last_seen_at} /> : <span className="rs-dim">Not yet</span>}
			</Cell>
			<Cell wide>
				<When at={user.created_at} />
			</Cell>
			<Cell>
				<div className={classes.actions}>
					{!self && (
						<Button onClick={() => setChanging(true)}>
							New password<span className="rs-sr"> for {user.name}</span>
						</Button>
					)}
					{!self && (
						<ConfirmButton
							label={
								<>
									Remove<span className="rs-sr"> {user.name}</span>
								</>
							}
							confirm="Remove the user"
							question={`${user.name} is signed out everywhere and can't sign in again. Their notes stay.`}
							onConfirm={() => remove.mutate()}
							busy={remove.isPending}
							disabled={last}
						/>
					)}
				</div>
				{changing && <PasswordDialog user={user} onClose={() => setChanging(false)} />}
			</Cell>
		</tr>
	);
}
