import type {
	GatewayAnswer,
	GatewayRequest,
	SendRequest,
} from '../../nodes/shared/gateways/gateway';

/** A SendRequest that keeps every request and gives the one answer, or throws the one error. */
export function recordingRequests(answer: GatewayAnswer | Error) {
	const requests: GatewayRequest[] = [];
	const sendRequest: SendRequest = async (request) => {
		requests.push(request);
		if (answer instanceof Error) throw answer;
		return answer;
	};
	return { requests, sendRequest };
}

export function answerOf(
	statusCode: number,
	body: unknown,
	headers: GatewayAnswer['headers'] = {},
): GatewayAnswer {
	return { statusCode, headers, body };
}
