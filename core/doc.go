// Package chatkit serves OpenAI's ChatKit user interface from your own Go server.
//
// It holds the protocol's types (threads, items, events), the [Server] that answers the one ChatKit
// endpoint, and the [Turn] on which an answer is written. Storage stands behind [Store]; HTTP frameworks
// are connected by the adapter modules.
//
// # Types of the protocol
//
// Wire types carry the protocol's own names, so that every ChatKit document stays searchable:
// [ThreadItemDoneEvent], [AssistantMessageItem], [WidgetItem]. Where the protocol has a union, such as an
// item or an event, the package has a sealed interface ([Item], [Event]) whose variants are pointers. Each
// union has an Unknown variant that keeps the JSON of a kind that this version does not know; reading and
// writing it loses nothing.
//
// [json.Marshal] of an item, a thread or an attachment gives its complete stored form, which
// [UnmarshalItem] and friends read back. The form that a browser sees lacks the server's own data
// (metadata of attachments and threads) and is what an event marshals to.
package chatkit
