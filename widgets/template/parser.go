package widgettemplate

import (
	"fmt"
	"slices"
	"strings"
)

// maxNesting bounds how deep expressions and tags nest.
const maxNesting = 200

// parser turns tokens into statements, by the grammar and precedence of the reference's template language.
type parser struct {
	tokens []token
	pos    int
	depth  int
}

// lineError is an error with the line it belongs to.
type lineError struct {
	line int
	err  error
}

func (e *lineError) Error() string { return fmt.Sprintf("line %d: %v", e.line, e.err) }
func (e *lineError) Unwrap() error { return e.err }

func (p *parser) peek() token { return p.tokens[p.pos] }

func (p *parser) next() token {
	t := p.tokens[p.pos]
	if t.kind != tokenEOF {
		p.pos++
	}
	return t
}

func (p *parser) fail(format string, args ...any) error {
	return &lineError{p.peek().line, fmt.Errorf(format, args...)}
}

func (p *parser) unexpected() error {
	switch t := p.peek(); t.kind {
	case tokenEOF:
		return p.fail("unexpected end of the template")
	case tokenEnd:
		return p.fail("unexpected end of a tag")
	case tokenNumber:
		return p.fail("unexpected number")
	default:
		return p.fail("unexpected %q", t.text)
	}
}

// op takes the operator if it comes next.
func (p *parser) op(text string) bool {
	if t := p.peek(); t.kind == tokenOperator && t.text == text {
		p.pos++
		return true
	}
	return false
}

func (p *parser) isOp(texts ...string) bool {
	t := p.peek()
	return t.kind == tokenOperator && slices.Contains(texts, t.text)
}

// word takes the name if it comes next.
func (p *parser) word(text string) bool {
	if p.isWord(text) {
		p.pos++
		return true
	}
	return false
}

func (p *parser) isWord(text string) bool {
	t := p.peek()
	return t.kind == tokenName && t.text == text
}

func (p *parser) need(op string) error {
	if !p.op(op) {
		if p.peek().kind == tokenOperator || p.peek().kind == tokenName {
			return p.fail("%q where %q was expected", p.peek().text, op)
		}
		return p.unexpected()
	}
	return nil
}

func (p *parser) end() error {
	if p.peek().kind != tokenEnd {
		return p.unexpected()
	}
	p.pos++
	return nil
}

func (p *parser) deeper() error {
	if p.depth++; p.depth > maxNesting {
		return p.fail("nested deeper than %d levels", maxNesting)
	}
	return nil
}

// statements reads up to one of the closing tags and returns its name. The tag's name is taken, its end is not.
func (p *parser) statements(until ...string) ([]statement, string, error) {
	if err := p.deeper(); err != nil {
		return nil, "", err
	}
	defer func() { p.depth-- }()
	var list []statement
	for {
		switch t := p.next(); t.kind {
		case tokenEOF:
			if len(until) > 0 {
				return nil, "", p.fail("the template ends where %s was expected", strings.Join(until, " or "))
			}
			return list, "", nil
		case tokenData:
			list = append(list, textNode{t.text})
		case tokenPrint:
			e, err := p.tuple(true)
			if err != nil {
				return nil, "", err
			}
			if err := p.end(); err != nil {
				return nil, "", err
			}
			list = append(list, printNode{e, t.line})
		case tokenBlock:
			if p.peek().kind != tokenName {
				return nil, "", p.unexpected()
			}
			tag := p.next().text
			if slices.Contains(until, tag) {
				return list, tag, nil
			}
			s, err := p.tag(tag, t.line)
			if err != nil {
				return nil, "", err
			}
			list = append(list, s)
		}
	}
}

func (p *parser) tag(name string, line int) (statement, error) {
	switch name {
	case "if":
		return p.ifTag(line)
	case "for":
		return p.forTag(line)
	case "set":
		return p.setTag(line)
	case "with":
		return p.withTag(line)
	}
	p.pos--
	return nil, p.fail("unknown tag %q", name)
}

func (p *parser) ifTag(line int) (statement, error) {
	n := ifNode{line: line}
	for {
		cond, err := p.tuple(false)
		if err != nil {
			return nil, err
		}
		if err := p.end(); err != nil {
			return nil, err
		}
		body, tag, err := p.statements("elif", "else", "endif")
		if err != nil {
			return nil, err
		}
		n.conds, n.bodies = append(n.conds, cond), append(n.bodies, body)
		if tag == "elif" {
			continue
		}
		if err := p.end(); err != nil {
			return nil, err
		}
		if tag == "else" {
			if body, _, err = p.statements("endif"); err != nil {
				return nil, err
			}
			n.bodies = append(n.bodies, body)
			return n, p.end()
		}
		return n, nil
	}
}

func (p *parser) forTag(line int) (statement, error) {
	n := forNode{line: line}
	var err error
	if n.target, err = p.targets(); err != nil {
		return nil, err
	}
	if !p.word("in") {
		return nil, p.unexpected()
	}
	if n.over, err = p.tuple(false); err != nil {
		return nil, err
	}
	if p.word("if") {
		if n.cond, err = p.expression(); err != nil {
			return nil, err
		}
	}
	if p.isWord("recursive") {
		return nil, p.fail("recursive loops are not supported")
	}
	if err := p.end(); err != nil {
		return nil, err
	}
	var tag string
	if n.body, tag, err = p.statements("else", "endfor"); err != nil {
		return nil, err
	}
	if tag == "else" {
		if err := p.end(); err != nil {
			return nil, err
		}
		if n.other, _, err = p.statements("endfor"); err != nil {
			return nil, err
		}
	}
	return n, p.end()
}

// targets reads one name or several with commas between them.
func (p *parser) targets() ([]string, error) {
	var names []string
	paren := p.op("(")
	for {
		t := p.peek()
		if t.kind != tokenName || t.text == "in" {
			break
		}
		if reserved(t.text) {
			return nil, p.fail("%q cannot be assigned to", t.text)
		}
		p.pos++
		names = append(names, t.text)
		if !p.op(",") {
			break
		}
	}
	if len(names) == 0 {
		return nil, p.unexpected()
	}
	if paren {
		return names, p.need(")")
	}
	return names, nil
}

func reserved(name string) bool {
	switch name {
	case "true", "false", "none", "True", "False", "None":
		return true
	}
	return false
}

func (p *parser) setTag(line int) (statement, error) {
	n := setNode{line: line}
	var err error
	if n.target, err = p.targets(); err != nil {
		return nil, err
	}
	if len(n.target) == 1 && p.op(".") {
		if p.peek().kind != tokenName {
			return nil, p.unexpected()
		}
		n.attr = p.next().text
	}
	if p.op("=") {
		if n.v, err = p.tuple(true); err != nil {
			return nil, err
		}
		return n, p.end()
	}
	for p.op("|") {
		f, err := p.filter(nil)
		if err != nil {
			return nil, err
		}
		n.filter = append(n.filter, f)
	}
	if err := p.end(); err != nil {
		return nil, err
	}
	if n.body, _, err = p.statements("endset"); err != nil {
		return nil, err
	}
	return n, p.end()
}

func (p *parser) withTag(line int) (statement, error) {
	n := withNode{line: line}
	for p.peek().kind == tokenName {
		n.names = append(n.names, p.next().text)
		if err := p.need("="); err != nil {
			return nil, err
		}
		v, err := p.expression()
		if err != nil {
			return nil, err
		}
		n.values = append(n.values, v)
		if !p.op(",") {
			break
		}
	}
	if err := p.end(); err != nil {
		return nil, err
	}
	var err error
	if n.body, _, err = p.statements("endwith"); err != nil {
		return nil, err
	}
	return n, p.end()
}
