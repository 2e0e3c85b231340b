import { Modal as Base, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";

/** A dialog that is there while it is open; when it goes, the focus is back where it was before. */
export function Modal(props: ModalProps) {
	const [before] = useState(() => document.activeElement);
	useEffect(
		() => () => {
			// What takes the focus meanwhile, such as another page, keeps it.
			window.setTimeout(() => {
				if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
			});
		},
		[before],
	);
	return <Base {...props} />;
}
