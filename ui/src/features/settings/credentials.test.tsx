import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";
import { checkCredential, credentialBody, draftOf } from "./credentials";

afterEach(() => vi.unstubAllGlobals());

const credential = {
	host: "files.example.com",
	header: "Authorization",
	secret_set: true,
	created_at: "2026-11-20T09:00:00Z",
};
const path = "/v1/recording-credentials";
const base = { "/v1/integrations": { items: [], usage: [] } };
const card = async () => within(await screen.findByRole("region", { name: "Recording credentials" }));
const open = async (name: RegExp | string) => {
	await userEvent.click(await (await card()).findByRole("button", { name }));
	return within(await screen.findByRole("dialog"));
};

describe("recording credentials", () => {
	it("say when one needs one", async () => {
		renderPage("/settings/integrations", { ...base, [path]: { credentials: [] } });
		const c = await card();
		expect(await c.findByText("No host needs one yet")).toBeTruthy();
		expect(c.getByText(/a storage of yours which asks for a header/)).toBeTruthy();
		expect(c.getByRole("button", { name: "Add a credential" })).toBeTruthy();
	});

	it("can be asked for again after a failure", async () => {
		let broken = true;
		renderPage("/settings/integrations", {
			...base,
			[path]: () => (broken ? fail(500, "the disk is full") : { credentials: [credential] }),
		});
		expect(await screen.findByText("Could not load the recording credentials")).toBeTruthy();
		broken = false;
		await userEvent.click((await card()).getByRole("button", { name: "Try again" }));
		expect(await screen.findByText("files.example.com")).toBeTruthy();
		expect((await card()).getByText("Authorization: set, never shown")).toBeTruthy();
	});

	it("are added, with what is missing or refused at its field", async () => {
		let refused = true;
		const { requests } = renderPage("/settings/integrations", {
			...base,
			[`GET ${path}`]: { credentials: [] },
			[`PUT ${path}`]: () =>
				refused ? fail(422, "is not a header that tells who asks", "/header") : credential,
		});
		const dialog = await open("Add a credential");
		await userEvent.click(dialog.getByRole("button", { name: "Add the credential" }));
		expect(dialog.getByText("Enter the host, like recordings.example.com")).toBeTruthy();
		expect(dialog.getByText("Enter the header's value")).toBeTruthy();
		expect(requests.some((r) => r.method === "PUT")).toBe(false);
		await userEvent.type(dialog.getByLabelText(/^Host/), "https://Files.example.com:8443/2026/a.wav");
		await userEvent.type(dialog.getByLabelText(/^Secret/, { selector: "input" }), "Bearer sesame");
		await userEvent.click(dialog.getByRole("button", { name: "Add the credential" }));
		expect(await dialog.findByText("Is not a header that tells who asks")).toBeTruthy();
		expect(dialog.getByLabelText(/^Header/).getAttribute("aria-invalid")).toBe("true");
		refused = false;
		await userEvent.click(dialog.getByRole("button", { name: "Add the credential" }));
		expect(
			await screen.findByText("Recordings at files.example.com are asked for with Authorization"),
		).toBeTruthy();
		expect(await requests.findLast((r) => r.method === "PUT")?.json()).toEqual({
			host: "files.example.com:8443",
			header: "Authorization",
			secret: "Bearer sesame",
		});
	});

	it("say that one takes the place of another", async () => {
		renderPage("/settings/integrations", { ...base, [path]: { credentials: [credential] } });
		const dialog = await open("Add a credential");
		await userEvent.type(dialog.getByLabelText(/^Host/), "FILES.example.com");
		expect(dialog.getByText("files.example.com has a credential: this one takes its place.")).toBeTruthy();
	});

	it("are replaced without the secret being shown", async () => {
		const { requests } = renderPage("/settings/integrations", {
			...base,
			[`GET ${path}`]: { credentials: [{ ...credential, header: "X-Api-Key" }] },
			[`PUT ${path}`]: credential,
		});
		const dialog = await open(/^Replace\s*the credential of files/);
		expect((dialog.getByLabelText(/^Host/) as HTMLInputElement).disabled).toBe(true);
		const secret = dialog.getByLabelText(/^Secret/, { selector: "input" }) as HTMLInputElement;
		expect(secret.value).toBe("");
		expect(secret.type).toBe("password");
		await userEvent.type(secret, "other");
		await userEvent.click(dialog.getByRole("button", { name: "Replace" }));
		await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
		expect(await requests.find((r) => r.method === "PUT")?.json()).toEqual({
			host: "files.example.com",
			header: "X-Api-Key",
			secret: "other",
		});
	});

	it("are deleted after a question", async () => {
		let credentials = [credential];
		renderPage("/settings/integrations", {
			...base,
			[`GET ${path}`]: () => ({ credentials }),
			[`DELETE ${path}/files.example.com`]: () => {
				credentials = [];
				return {};
			},
		});
		await userEvent.click(await (await card()).findByRole("button", { name: /^Delete\s*the credential of/ }));
		expect(await screen.findByText(/are asked for without the header from then on/)).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: "Delete the credential" }));
		expect(await screen.findByText("The credential of files.example.com is deleted")).toBeTruthy();
		expect(await (await card()).findByText("No host needs one yet")).toBeTruthy();
	});

	it("let a viewer look and change nothing", async () => {
		const viewer = { ...session, user: { ...session.user, role: "viewer" } };
		renderPage("/settings/integrations", {
			...base,
			"/v1/session": viewer,
			[path]: { credentials: [credential] },
		});
		const c = await card();
		expect(await c.findByText("files.example.com")).toBeTruthy();
		expect(c.queryByRole("button")).toBeNull();
	});
});

describe("a credential's draft", () => {
	it("takes a link for its host", () => {
		const draft = { ...draftOf(undefined), secret: " s " };
		expect(credentialBody({ ...draft, host: " Files.Example.com " }).host).toBe("files.example.com");
		expect(credentialBody({ ...draft, host: "https://a.example.com/x" }).host).toBe("a.example.com");
		expect(credentialBody({ ...draft, host: "https://" }).host).toBe("https://");
		expect(credentialBody(draft).secret).toBe("s");
	});
	it("is checked as the server would", () => {
		expect(checkCredential({ host: "a.com", header: "X-Key", secret: "s" })).toEqual({});
		expect(Object.keys(checkCredential({ host: " ", header: "", secret: "" }))).toEqual([
			"/host",
			"/header",
			"/secret",
		]);
	});
});
