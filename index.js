/** The classes, for whoever requires the package. n8n itself reads the files that package.json names. */
const { n8n } = require('./package.json');

module.exports = Object.assign(
	{},
	...[...n8n.nodes, ...n8n.credentials].map((file) => require(`./${file}`)),
);
