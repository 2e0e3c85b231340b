import { fireEvent, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/error";
import { renderUI } from "../test/render";
import { ProviderBadge, StatusBadge } from "./Badge";
import { CodeBlock } from "./Copy";
import { FilterChip, FilterMenu } from "./Filter";
import { Highlight, pieces } from "./Highlight";
import { JsonView } from "./JsonView";
import {
	FindingBadge,
	MethodLabel,
	ResolutionBadge,
	ScoreBadge,
	ScoreValue,
	SentimentBadge,
	StepBadge,
	VerdictBadge,
} from "./Judgement";
import { Modal } from "./Modal";
import { ErrorState } from "./States";
import { StatTile } from "./StatTile";
import { Duration, Money, PhoneNumber, When } from "./Values";

describe("values", () => {
	it("say what is not known with a dash", () => {
		const { container } = renderUI(
			<>
				<When at={null} />
				<When at="no time" />
				<Money cost={null} />
				<Duration ms={null} />
				<PhoneNumber number="" />
			</>,
		);
		expect([...container.querySelectorAll(".rs-dim")].map((e) => e.textContent).join("")).toBe("—————");
	});

	it("show times with a machine's form beside", () => {
		renderUI(<When at="2020-01-02T03:04:05Z" />);
		expect(screen.getByText("2 Jan 2020").getAttribute("datetime")).toBe("2020-01-02T03:04:05Z");
	});

	it("put a status nobody knows into words", () => {
		renderUI(
			<>
				<StatusBadge status="on_hold" />
				<ProviderBadge provider="vapi" />
			</>,
		);
		expect(screen.getByText("On hold")).toBeTruthy();
		expect(screen.getByText("Vapi")).toBeTruthy();
	});
});

function Asking() {
	const [open, setOpen] = useState(false);
	return (
		<>
			<button type="button" onClick={() => setOpen(true)}>
				Ask
			</button>
			{open && (
				<Modal opened onClose={() => setOpen(false)} title="Sure?">
					<input aria-label="why" data-autofocus />
				</Modal>
			)}
		</>
	);
}

describe("a dialog", () => {
	it("gives the focus back when it goes", async () => {
		renderUI(<Asking />);
		const ask = screen.getByRole("button", { name: "Ask" });
		ask.focus();
		fireEvent.click(ask);
		const why = await screen.findByLabelText("why");
		await waitFor(() => expect(document.activeElement).toBe(why));
		fireEvent.keyDown(why, { key: "Escape" });
		await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
		await waitFor(() => expect(document.activeElement).toBe(ask));
	});
});

describe("JsonView", () => {
	it("shows hostile text as text", () => {
		const { container } = renderUI(
			<JsonView label="x" value={{ "<img src=x onerror=alert(1)>": "<script>1</script>" }} />,
		);
		expect(container.querySelector("img,script")).toBeNull();
		expect(container.textContent).toContain("<script>1</script>");
	});

	it("folds what is deep and what is huge", () => {
		const huge = {
			list: Array.from({ length: 5000 }, (_, i) => i),
			text: "x".repeat(100_000),
			deep: { a: { b: 1 } },
		};
		const { container } = renderUI(<JsonView label="x" value={huge} />);
		expect(container.querySelectorAll("li").length).toBeLessThan(120);
		expect(container.querySelector(".view")?.textContent?.length).toBeLessThan(5000);
		fireEvent.click(screen.getByText("4900 more"));
		expect(container.querySelectorAll("li").length).toBeGreaterThan(1000);
		expect(screen.queryByText("b:")).toBeNull();
	});

	it("takes any JSON value", () => {
		for (const v of [null, 0, false, "", [], {}, "plain"]) {
			expect(() => renderUI(<JsonView label="x" value={v} />).unmount()).not.toThrow();
		}
	});
});

describe("Highlight", () => {
	it("marks ranges and mends those that overlap or overrun", () => {
		expect(
			pieces("hello world", [
				[6, 99],
				[0, 5],
				[3, 5],
				[9, 2],
			]),
		).toEqual([
			{ text: "hello", hit: true },
			{ text: " ", hit: false },
			{ text: "world", hit: true },
		]);
		expect(pieces("x", [])).toEqual([{ text: "x", hit: false }]);
	});

	it("keeps quotes apart from what is searched for, also where they overlap", () => {
		const quotes = [{ range: [6, 17], tone: "bad" }] as const;
		const { container } = renderUI(
			<p>
				<Highlight text="hello world and sea" ranges={[[3, 11]]} quotes={quotes} />
			</p>,
		);
		expect(container.querySelector("p")?.textContent).toBe("hello world and sea");
		expect([...container.querySelectorAll("mark")].map((m) => m.textContent)).toEqual(["lo ", "world"]);
		const quoted = container.querySelector("em");
		expect([quoted?.textContent, quoted?.dataset.tone]).toEqual(["world and s", "bad"]);
	});

	it("counts UTF-16 units, as the API does", () => {
		const { container } = renderUI(<Highlight text="👋 refund" ranges={[[3, 9]]} />);
		expect(container.querySelector("mark")?.textContent).toBe("refund");
	});
});

describe("filters", () => {
	it("say what they take off", () => {
		const off = vi.fn();
		renderUI(<FilterChip name="Status" value="Failed" onRemove={off} />);
		fireEvent.click(screen.getByRole("button", { name: "Remove filter: Status is Failed" }));
		expect(off).toHaveBeenCalled();
	});

	it("offer values with counts, and find among many", async () => {
		const change = vi.fn();
		const options = Array.from({ length: 40 }, (_, i) => ({
			value: `r${i}`,
			label: `Reason ${i}`,
			count: i * 1000,
		}));
		renderUI(<FilterMenu name="Reason" options={options} selected={["r1"]} onChange={change} />);
		fireEvent.click(screen.getByRole("button", { name: /Reason/ }));
		fireEvent.change(await screen.findByLabelText("Find in reason"), { target: { value: "reason 39" } });
		expect(screen.getAllByRole("checkbox")).toHaveLength(1);
		fireEvent.click(screen.getByLabelText(/Reason 39/));
		expect(change).toHaveBeenCalledWith(["r1", "r39"]);
	});
});

describe("states", () => {
	it("say what failed, why, and let one try again", () => {
		const retry = vi.fn();
		renderUI(
			<ErrorState
				doing="load the calls"
				error={new ApiError(503, "unavailable", "The database is busy.")}
				retry={retry}
			/>,
		);
		expect(screen.getByRole("alert").textContent).toContain("Could not load the calls");
		expect(screen.getByRole("alert").textContent).toContain("The database is busy.");
		fireEvent.click(screen.getByRole("button", { name: "Try again" }));
		expect(retry).toHaveBeenCalled();
	});

	it("give the reason for a figure that is not known", () => {
		renderUI(<StatTile label="Success" value={null} why="Only 4 judged calls; 10 needed" />);
		expect(screen.getByText("Only 4 judged calls; 10 needed")).toBeTruthy();
	});

	it("copies code", async () => {
		const writeText = vi.fn().mockResolvedValue(undefined);
		Object.assign(navigator, { clipboard: { writeText } });
		renderUI(<CodeBlock label="Command" code="curl x" />);
		fireEvent.click(screen.getByRole("button", { name: "Copy: Command" }));
		expect(await screen.findByRole("button", { name: "Copied" })).toBeTruthy();
		expect(writeText).toHaveBeenCalledWith("curl x");
	});
});

describe("what the analysis says", () => {
	it("shows a score with its meaning, and a dash for none", () => {
		renderUI(
			<>
				<ScoreValue value={47.4} />
				<ScoreValue value={0} />
				<ScoreValue value={null} />
				<ScoreBadge quality={{ score: 91.6, method: "local" }} />
			</>,
		);
		expect(screen.getByText("47").dataset.tone).toBe("bad");
		expect(screen.getByText("0")).toBeTruthy();
		expect(screen.getByText("Not measured")).toBeTruthy();
		expect(screen.getByText("Score 92").closest("[data-tone]")?.getAttribute("data-tone")).toBe("good");
	});

	it("shows no badge where there is no score", () => {
		const { container } = renderUI(
			<>
				<ScoreBadge quality={null} />
				<ScoreBadge quality={{ score: null, method: "local" }} />
			</>,
		);
		expect(container.querySelector("[data-tone]")).toBeNull();
	});

	it("takes the severity's colour where it is known, else the kind's", () => {
		renderUI(
			<>
				<FindingBadge kind="dead_air" />
				<FindingBadge kind="frustration" severity="critical" />
			</>,
		);
		const toneOf = (text: string) => screen.getByText(text).closest("[data-tone]")?.getAttribute("data-tone");
		expect([toneOf("Long silence"), toneOf("Customer frustrated")]).toEqual(["info", "bad"]);
	});

	it("puts words that nobody knows into words, and never shows a raw one", () => {
		const { container } = renderUI(
			<main>
				<SentimentBadge label="very_cross" />
				<SentimentBadge label="" />
				<FindingBadge kind="odd_thing" severity="so_so" />
				<VerdictBadge verdict="not_yet" />
				<StepBadge status="on_hold" />
				<ResolutionBadge outcome="put_off" />
				<MethodLabel method="by_hand" />
				<MethodLabel method={undefined} />
			</main>,
		);
		expect(container.querySelector("main")?.textContent).not.toMatch(/[a-z]_[a-z]/);
		for (const text of [
			"Very cross",
			"Not measured",
			"Odd thing",
			"Not yet",
			"On hold",
			"Put off",
			"By hand",
		])
			expect(screen.getByText(text)).toBeTruthy();
	});

	it("names the model where it is known", () => {
		renderUI(
			<>
				<MethodLabel method="llm" model="gpt-4o-mini" />
				<MethodLabel method="llm" />
				<MethodLabel method="local" model="gpt-4o" />
			</>,
		);
		for (const text of ["By gpt-4o-mini", "By a language model", "Local estimate"])
			expect(screen.getByText(text)).toBeTruthy();
	});
});
