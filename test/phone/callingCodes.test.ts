import { isCallingCode } from '../../nodes/shared/phone/phoneNumber';

test.each(['237', '+237', '00237', '256', '33', '1', '7', '44'])(
	'a calling code: %s',
	(written) => {
		expect(isCallingCode(written)).toBe(true);
	},
);

test.each(['', '+', '0', '2', '67', '120', '999', '2377', 'CM', '237 '])(
	'no calling code: %s',
	(written) => {
		expect(isCallingCode(written)).toBe(false);
	},
);
