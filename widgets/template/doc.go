// Package widgettemplate builds widgets from .widget files, the format in which the widget editor exports
// them (ChatKit protocol: WidgetTemplate).
//
// A .widget file holds a Jinja template that renders to the JSON of a widget. The package has an interpreter
// of its own for the part of that language which such files use: output, if, for, set, with, raw, comments
// and whitespace control; conditionals, slices, comparisons, arithmetic; the common filters, tests and
// methods; namespace, range and dict. It gives what the reference's engine gives, with names that must be
// defined and without HTML escaping. Macros, inheritance, includes and the % formatting of strings are not
// there, and a template that uses them does not compile.
//
// The general Jinja libraries for Go were not an option: the ones that were tried do not read a conditional
// inside brackets, which every exported file contains, and none bounds what a template may cost.
//
// A template reaches nothing but the data it is given: no files, no environment, no Go methods. What one
// rendering may cost is bounded by [Limits].
package widgettemplate
