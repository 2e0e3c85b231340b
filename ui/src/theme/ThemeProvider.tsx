import { MantineProvider } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useEffect } from "react";
import { useSettings } from "../lib/settings";
import { resolver, theme } from "./theme";

/** The nonce that the server put into this page; styles made at run time carry it. */
export function styleNonce(): string {
	return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}

interface ThemeProps {
	/** "test" takes motion away, so that what opens is there at once. */
	env?: "default" | "test";
	children: ReactNode;
}

export function ThemeProvider({ env = "default", children }: ThemeProps) {
	const settings = useSettings();
	const dark = useMediaQuery("(prefers-color-scheme: dark)", undefined, { getInitialValueInEffect: false });
	const scheme = settings.theme === "system" ? (dark ? "dark" : "light") : settings.theme;
	useEffect(() => {
		document.documentElement.setAttribute("data-density", settings.density);
	}, [settings.density]);
	return (
		<MantineProvider
			theme={theme}
			env={env}
			cssVariablesResolver={resolver}
			forceColorScheme={scheme}
			getStyleNonce={styleNonce}
			withGlobalClasses={false}
		>
			{children}
		</MantineProvider>
	);
}
