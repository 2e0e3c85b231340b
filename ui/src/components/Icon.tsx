import classes from "./Icon.module.css";

/** Line drawings on a 24-unit grid, drawn for this page. */
const paths = {
	calls:
		"M6 4h3l1.5 4.5L8.3 10a11 11 0 0 0 5.7 5.7l1.5-2.2L20 15v3a2 2 0 0 1-2.2 2A15 15 0 0 1 4 6.2 2 2 0 0 1 6 4z",
	agents:
		"M5 9.5A2.5 2.5 0 0 1 7.5 7h9A2.5 2.5 0 0 1 19 9.500v6a2.500 2.500 0 0 1-2.500 2.500h-9A2.500 2.500 0 0 1 5 15.500zM12 7V4M9.500 12v1M14.500 12v1M2.500 11.500v3M21.500 11.500v3",
	settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
	search: "M10.500 4a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM15.500 15.500 20 20",
	close: "M6 6l12 12M18 6 6 18",
	check: "M5 12.500l4.500 4.500L19 7.500",
	copy: "M9 9h10v11H9zM15 9V4H5v11h4",
	down: "M6 9.500l6 6 6-6",
	up: "M6 14.500l6-6 6 6",
	right: "M9.500 6l6 6-6 6",
	left: "M14.500 6l-6 6 6 6",
	sort: "M8 5v14M8 19l-3-3M8 19l3-3M16 19V5M16 5l-3 3M16 5l3 3",
	plus: "M12 5v14M5 12h14",
	minus: "M5 12h14",
	filter: "M4 6h16M7 12h10M10 18h4",
	columns: "M4 5h16v14H4zM10 5v14M15 5v14",
	download: "M12 4v11M12 15l-4-4M12 15l4-4M5 20h14",
	bookmark: "M7 4h10v16l-5-4-5 4z",
	inbound: "M17 7 7 17M7 17V9M7 17h8",
	outbound: "M7 17 17 7M17 7H9M17 7v8",
	web: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM4 12h16M12 4c2.700 2.500 2.700 13.500 0 16M12 4c-2.700 2.500-2.700 13.500 0 16",
	clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4.500l3 2",
	dot: "M12 9.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z",
	ring: "M12 6a6 6 0 1 1 0 12 6 6 0 0 1 0-12z",
	alert: "M12 4 21 19H3zM12 10v4M12 16.500v.500",
	info: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 11v5M12 8v.500",
	question:
		"M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM9.700 10a2.300 2.300 0 1 1 3.600 1.900c-.800.500-1.300 1-1.300 1.900M12 16v.500",
	stop: "M8.500 4h7L20 8.500v7L15.500 20h-7L4 15.500v-7zM9 9l6 6M15 9l-6 6",
	missed: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM8 12h8",
	wave: "M4 11v2M8 8v8M12 5v14M16 8v8M20 11v2",
	tool: "M14.500 5.500a4.500 4.500 0 0 0-4.300 6L4.500 17.200l2.300 2.300 5.700-5.700a4.500 4.500 0 0 0 6-5.500L16 10.800l-2.800-2.800z",
	mic: "M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4zM6.500 11.500a5.500 5.500 0 0 0 11 0M12 17v3",
	person:
		"M12 5a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM5 20c.500-3.500 3.300-5.500 7-5.500s6.500 2 7 5.500",
	people:
		"M9 5.500a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM3.500 19c.400-3 2.600-4.700 5.500-4.700s5.100 1.700 5.500 4.700M15.500 6a2.800 2.800 0 0 1 0 5.300M17 14.700c2 .500 3.200 2 3.500 4.300",
	key: "M8 11a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM11 12.500 19.500 4M16 7.500l3 3",
	inbox: "M4 13l3-8h10l3 8v6H4zM4 13h5l1 2.500h4l1-2.500h5",
	plug: "M9 4v5M15 4v5M6.500 9h11v3a5.500 5.500 0 0 1-11 0zM12 17.500V21",
	trash: "M5 7h14M9 7V4.500h6V7M7 7l1 13h8l1-13M10.500 11v5M13.500 11v5",
	edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
	external: "M13 5h6v6M19 5l-9 9M17 14v5H5V7h5",
	play: "M8 5l11 7-11 7z",
	pause: "M8 5v14M16 5v14",
	refresh: "M19 12a7 7 0 1 1-2-5M19 4v4h-4",
	panel: "M4 5h16v14H4zM9.500 5v14",
	command:
		"M9 9h6v6H9zM9 9H7a2 2 0 1 1 2-2zM15 9V7a2 2 0 1 1 2 2zM9 15v2a2 2 0 1 1-2-2zM15 15h2a2 2 0 1 1-2 2z",
	sun: "M12 8.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600 7 7M17 17l1.400 1.400M18.400 5.600 17 7M7 17l-1.400 1.400",
	out: "M14 5H6v14h8M11 12h9M20 12l-3-3M20 12l-3 3",
	note: "M5 5h14v10l-4 4H5zM15 19v-4h4M8.500 9h7M8.500 12.500h4",
	link: "M10 14a4 4 0 0 0 5.700 0l2.600-2.600a4 4 0 0 0-5.700-5.700L11.500 7M14 10a4 4 0 0 0-5.700 0l-2.600 2.600a4 4 0 0 0 5.700 5.700l1.100-1.200",
	lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
} as const;

export type IconName = keyof typeof paths;

/** An icon says nothing by itself to a screen reader: a word stands beside it or in the button's label. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
	return (
		<svg className={classes.icon} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
			<path d={paths[name]} />
		</svg>
	);
}
