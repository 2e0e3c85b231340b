import { Button, FileButton, Select, Textarea } from "@mantine/core";
import { Icon } from "../../components/Icon";
import type { PartProps } from "./ScenarioDialog";
import { behaviours, type ScenarioDraft } from "./scenario";
import classes from "./scenarios.module.css";

/** The conversation, as text: the same that the command line takes as a file. */
export function ScriptField({ draft, problems, set }: PartProps) {
	return (
		<>
			<Textarea
				label="Conversation"
				description="Each begins with # name weight outcome. Then a line for each turn: A the agent speaks, U the customer speaks, T tool {arguments} -> {result}. It is the file that “ringside simulate calls --scenario” takes."
				required
				autosize
				minRows={6}
				maxRows={16}
				spellCheck={false}
				classNames={{ input: classes.script }}
				value={draft.script}
				error={problems["/script"]}
				onChange={(e) => set({ script: e.currentTarget.value })}
			/>
			<div className={classes.files}>
				<FileButton
					accept=".txt,text/plain"
					onChange={(f) => void f?.text().then((script) => set({ script }))}
				>
					{(props) => <Button {...props}>Take from a file</Button>}
				</FileButton>
				<Button leftSection={<Icon name="download" size={14} />} onClick={() => keep(draft)}>
					Save as a file
				</Button>
			</div>
			<Select
				label="How the calls go"
				description="What is changed about the conversation."
				allowDeselect={false}
				data={behaviours}
				value={draft.behaviour}
				onChange={(v) => v && set({ behaviour: v as ScenarioDraft["behaviour"] })}
			/>
		</>
	);
}

/** Has the browser save the script. */
function keep({ name, script }: ScenarioDraft) {
	const url = URL.createObjectURL(new Blob([script], { type: "text/plain" }));
	const a = document.createElement("a");
	a.href = url;
	a.download = `${name.trim().replace(/[^\p{L}\p{N}]+/gu, "-") || "scenario"}.txt`;
	a.click();
	URL.revokeObjectURL(url);
}
