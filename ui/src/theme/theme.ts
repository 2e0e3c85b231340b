import {
	type CSSVariablesResolver,
	createTheme,
	type MantineColorsTuple,
	type VariantColorsResolver,
} from "@mantine/core";

const same = (v: string): MantineColorsTuple => [v, v, v, v, v, v, v, v, v, v];

/** Each variant in our own tokens, so that no component shows the library's palette. */
const variants: VariantColorsResolver = ({ color, variant }) => {
	const c = color === "bad" ? "bad" : "accent";
	const main = `var(--rs-${c})`;
	const soft = `var(--rs-${c}-soft)`;
	const none = "1px solid transparent";
	switch (variant) {
		case "filled":
			return c === "bad"
				? { background: main, hover: main, color: "var(--rs-surface)", border: none }
				: { background: main, hover: "var(--rs-accent-hover)", color: "var(--rs-on-accent)", border: none };
		case "light":
			return { background: soft, hover: soft, color: main, border: none };
		case "subtle":
		case "transparent":
			return {
				background: "transparent",
				hover: variant === "subtle" ? "var(--rs-hover)" : "transparent",
				color: color === "gray" ? "var(--rs-soft)" : main,
				border: none,
			};
		default:
			return {
				background: "var(--rs-surface)",
				hover: "var(--rs-hover)",
				color: c === "bad" ? main : "var(--rs-text)",
				border: "1px solid var(--rs-line-strong)",
			};
	}
};

export const resolver: CSSVariablesResolver = () => {
	const scheme = {
		"--mantine-color-body": "var(--rs-surface)",
		"--mantine-color-text": "var(--rs-text)",
		"--mantine-color-dimmed": "var(--rs-dim)",
		"--mantine-color-placeholder": "var(--rs-dim)",
		"--mantine-color-anchor": "var(--rs-accent)",
		"--mantine-color-error": "var(--rs-bad)",
		"--mantine-color-default": "var(--rs-surface)",
		"--mantine-color-default-hover": "var(--rs-hover)",
		"--mantine-color-default-color": "var(--rs-text)",
		"--mantine-color-default-border": "var(--rs-line-strong)",
		"--mantine-color-disabled": "var(--rs-sunken)",
		"--mantine-color-disabled-color": "var(--rs-dim)",
		"--mantine-color-disabled-border": "var(--rs-line)",
		"--mantine-primary-color-filled": "var(--rs-accent)",
		"--mantine-primary-color-filled-hover": "var(--rs-accent-hover)",
		"--mantine-primary-color-light": "var(--rs-accent-soft)",
		"--mantine-primary-color-light-hover": "var(--rs-accent-soft)",
		"--mantine-primary-color-light-color": "var(--rs-accent)",
		"--mantine-primary-color-contrast": "var(--rs-on-accent)",
	};
	return { variables: {}, light: scheme, dark: scheme };
};

export const theme = createTheme({
	fontFamily: "var(--rs-font)",
	fontFamilyMonospace: "var(--rs-mono)",
	// 36 px, the library's ordinary control, becomes 30.
	scale: 5 / 6,
	fontSizes: { xs: "12px", sm: "13px", md: "13px", lg: "15px", xl: "20px" },
	lineHeights: { xs: "1.4", sm: "1.45", md: "1.45", lg: "1.4", xl: "1.3" },
	spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
	radius: { xs: "3px", sm: "4px", md: "6px", lg: "8px", xl: "12px" },
	defaultRadius: "md",
	colors: { accent: same("var(--rs-accent)"), bad: same("var(--rs-bad)") },
	primaryColor: "accent",
	variantColorResolver: variants,
	respectReducedMotion: true,
	cursorType: "pointer",
	components: {
		Button: { defaultProps: { variant: "default" } },
		ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
		Tooltip: {
			defaultProps: { openDelay: 250, transitionProps: { duration: 120 }, multiline: true, maw: 360 },
		},
		Menu: {
			defaultProps: {
				shadow: "none",
				transitionProps: { duration: 120, transition: "fade" },
				// A menu holds items and nothing else: the first of them takes the focus.
				withInitialFocusPlaceholder: false,
			},
		},
		Popover: { defaultProps: { shadow: "none", transitionProps: { duration: 120, transition: "fade" } } },
		// The page itself never scrolls, so nothing needs locking under an overlay.
		Modal: {
			defaultProps: {
				lockScroll: false,
				transitionProps: { duration: 140, transition: "fade" },
				shadow: "none",
				closeButtonProps: { "aria-label": "Close" },
			},
		},
		Drawer: {
			defaultProps: {
				lockScroll: false,
				transitionProps: { duration: 140 },
				shadow: "none",
				closeButtonProps: { "aria-label": "Close" },
			},
		},
		Switch: { defaultProps: { withThumbIndicator: false } },
	},
});
