/** Twenty minutes of faults; not part of the continuous tests. */
module.exports = { ...require('./jest.config'), testMatch: ['**/*.soak.ts'] };
