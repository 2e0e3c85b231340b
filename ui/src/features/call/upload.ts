import { type ApiError, errorOf, unreachable } from "../../api/error";

/** The most that the server takes, in bytes. */
export const mostBytes = 512 * 1024 * 1024;

/** Sends a file and tells how far it is, 0 to 1: fetch can't say that. Rejects with ApiError as the client does. */
export function putFile(
	path: string,
	file: Blob,
	onProgress: (share: number) => void,
	signal: AbortSignal,
): Promise<void> {
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		request.open("PUT", path);
		request.setRequestHeader("Content-Type", "application/octet-stream");
		request.upload.onprogress = (e) => {
			if (e.lengthComputable && e.total > 0) onProgress(e.loaded / e.total);
		};
		request.onload = () => {
			if (request.status >= 200 && request.status < 300) resolve();
			else void refusal(request).then(reject);
		};
		request.onerror = () => reject(unreachable());
		request.onabort = () => reject(new DOMException("Cancelled.", "AbortError"));
		signal.addEventListener("abort", () => request.abort());
		request.send(file);
	});
}

function refusal(request: XMLHttpRequest): Promise<ApiError> {
	return errorOf(new Response(request.responseText, { status: request.status }));
}
