import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { ApiError } from "../../api/error";
import { renderUI } from "../../test/render";
import { drawPassword, passwordOk, passwordRules } from "./password";
import { SetupForm } from "./SetupForm";

describe("passwords", () => {
	it("need ten characters, counted as people count them", () => {
		expect(passwordOk("short", "")).toBe(false);
		expect(passwordOk("correct horse", "ada@example.com")).toBe(true);
		expect(passwordRules("😀😀😀😀😀a", "")[0]?.met).toBe(false);
	});

	it("may not be one character over and over, nor the address", () => {
		expect(passwordOk("aaaaaaaaaaaa", "")).toBe(false);
		expect(passwordOk("Ada@Example.com", "ada@example.com")).toBe(false);
		expect(passwordOk("adalovelace", "adalovelace@example.com")).toBe(false);
		expect(passwordOk("", "")).toBe(false);
	});

	it("are drawn long and differently", () => {
		const a = drawPassword();
		expect(a).toMatch(/^[a-zA-Z2-9]{20}$/);
		expect(drawPassword()).not.toBe(a);
		expect(passwordOk(a, "ada@example.com")).toBe(true);
	});
});

describe("SetupForm", () => {
	it("lets nobody send a password that the server refuses", async () => {
		const send = vi.fn();
		renderUI(<SetupForm onSubmit={send} busy={false} error={null} />);
		const button = screen.getByRole("button", { name: /make the account/i });
		await userEvent.type(screen.getByLabelText(/^name/i), " Ada ");
		await userEvent.type(screen.getByLabelText(/^email/i), "ada@example.com");
		await userEvent.type(screen.getByLabelText(/^password/i), "too short");
		expect(button).toHaveProperty("disabled", true);
		await userEvent.type(screen.getByLabelText(/^password/i), " no longer");
		await userEvent.click(button);
		expect(send).toHaveBeenCalledWith({
			name: "Ada",
			email: "ada@example.com",
			password: "too short no longer",
		});
	});

	it("shows what the server refuses at its field", () => {
		const error = new ApiError(422, "invalid", "x", [
			{ pointer: "/password", detail: "this password is among the first that anybody tries" },
		]);
		renderUI(<SetupForm onSubmit={() => {}} busy={false} error={error} />);
		expect(screen.getByText("This password is among the first that anybody tries")).toBeTruthy();
		expect(screen.queryByRole("alert")).toBeNull();
	});

	it("shows what belongs to no field above the button", () => {
		const error = new ApiError(429, "rate_limited", "too many attempts; try again in a minute");
		renderUI(<SetupForm onSubmit={() => {}} busy={false} error={error} />);
		expect(screen.getByRole("alert").textContent).toContain("Too many attempts");
	});
});
