// Package widget builds, checks, compares and streams ChatKit widgets.
//
// A widget is a tree of components whose top is a [Card], a [ListView] or a [Basic]. There are three
// ways to write one, and they mix freely:
//
//   - typed components, checked when they are encoded: &widget.Card{Children: []widget.Component{…}};
//   - [Dynamic] components, which keep any type and any member, in order;
//   - [Raw] JSON, for widgets that come from elsewhere.
//
// The browser sees changes to a widget as updates. [Diff] finds them between two JSON states, [DiffRoots]
// between two typed trees, and a [Stream] makes them directly, without comparing anything, for the usual
// case of one text that grows.
//
// The package follows part "Widgets" of the ChatKit protocol. It imports the standard library only.
package widget
