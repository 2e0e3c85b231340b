import { Button, PasswordInput } from "@mantine/core";
import { sentence } from "../../api/error";
import { ConfirmButton } from "../../components/Confirm";
import { FormNote } from "../../components/Gate";
import { latency } from "../../lib/format";
import { capital } from "../../lib/forms";
import type { IntegrationKind } from "./queries";
import classes from "./settings.module.css";
import { useDisconnect, useTestIntegration } from "./useIntegration";
import { hostOf } from "./webhooks";

interface SecretProps {
	label: string;
	help: string;
	held: boolean;
	/** The address that the secret was given for, and the one in the form. */
	before: string;
	after: string;
	value: string;
	error?: string;
	onChange: (value: string) => void;
}

/** A key that is written and never read back. */
export function SecretField({ label, help, held, before, after, value, error, onChange }: SecretProps) {
	const left = held && value.trim() === "" && hostOf(before) !== hostOf(after);
	return (
		<>
			<PasswordInput
				label={label}
				description={held ? `${label}: one is set. It is never shown; type a new one to replace it.` : help}
				placeholder={held ? "Kept as it is" : undefined}
				autoComplete="new-password"
				maxLength={4096}
				value={value}
				error={error}
				onChange={(e) => onChange(e.currentTarget.value)}
			/>
			{left && (
				<FormNote tone="watch">
					The one that is set was given for {hostOf(before) || "the usual host"} and does not go along to
					another: enter it anew.
				</FormNote>
			)}
		</>
	);
}

interface FootProps {
	kind: IntegrationKind;
	connected: boolean;
	/** The form differs from what is kept, and a test asks what is kept. */
	changed: boolean;
	saving: boolean;
	/** What ends with it, in a sentence. */
	loss: string;
	/** Leaves a form that connects nothing yet. */
	onCancel: () => void;
}

/** Save, test and disconnect, with what the test answered. */
export function Foot({ kind, connected, changed, saving, loss, onCancel }: FootProps) {
	const test = useTestIntegration(kind);
	const remove = useDisconnect(kind, onCancel);
	const answer = test.data;
	return (
		<>
			{test.isError && <FormNote tone="bad">{capital(sentence(test.error))}</FormNote>}
			{answer && (
				<FormNote tone={answer.ok ? "good" : "bad"}>
					{answer.ok ? "Answered in" : "Failed after"} {latency(answer.latency_ms)}: {answer.detail}
				</FormNote>
			)}
			{connected && changed && <p className="rs-dim">A test asks what is saved, not what is typed.</p>}
			<div className={classes.end}>
				{connected ? (
					<>
						<ConfirmButton
							label="Disconnect"
							confirm="Disconnect it"
							question={loss}
							onConfirm={() => remove.mutate()}
							busy={remove.isPending}
						/>
						<Button loading={test.isPending} disabled={changed} onClick={() => test.mutate()}>
							Test
						</Button>
					</>
				) : (
					<Button variant="subtle" color="gray" onClick={onCancel}>
						Cancel
					</Button>
				)}
				<Button type="submit" variant="filled" loading={saving}>
					Save
				</Button>
			</div>
		</>
	);
}
