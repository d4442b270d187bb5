// Package agenttest tests agents and everything around them without a model and without a network beyond
// the loopback: a fake provider that speaks OpenAI's APIs and breaks in every way that real ones do, a
// model that follows a script, a target that records what a bridge does, and the replay of recorded
// streams.
package agenttest
