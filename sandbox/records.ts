import type { Fault } from './faults';
import type { EndpointName, GatewayName, UploadedPart } from './gateway';

/** An SMS as it arrived on a phone. */
export interface DeliveredMessage {
	id: number;
	/** Milliseconds since 1970. */
	at: number;
	gateway: GatewayName;
	sender: string;
	/** E.164. */
	recipient: string;
	text: string;
	segments: number;
	encoding: 'GSM-7' | 'UCS-2';
	requestId: number;
}

/** A request to a gateway, raw. */
export interface RecordedRequest {
	id: number;
	/** Milliseconds since 1970, when its headers had arrived. */
	at: number;
	gateway: GatewayName | null;
	endpoint: EndpointName | null;
	method: string;
	/** With the query, as on the request line. */
	path: string;
	headers: Record<string, string | string[] | undefined>;
	/** Empty for multipart: see `parts`. */
	bodyText: string;
	parts: UploadedPart[] | null;
	/** The fault that happened to it, if one did. */
	fault: Fault | null;
	/** Null until the status line is out, and for good when none was sent. */
	statusCode: number | null;
	/** The beginning of the answer's body; null when none was sent. */
	answerText: string | null;
	ended: 'open' | 'answered' | 'reset' | 'truncated' | 'clientClosed';
}

/** What one recipient is to get. */
export interface Text {
	recipient: string;
	text: string;
}
