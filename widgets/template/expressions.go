package widgettemplate

import "strings"

// tuple reads one expression, or several with commas between them. Conditionals are left to the caller's
// grammar where they would swallow the if of a loop.
func (p *parser) tuple(withConditional bool) (expr, error) {
	read := p.expression
	if !withConditional {
		read = p.or
	}
	first, err := read()
	if err != nil || !p.isOp(",") {
		return first, err
	}
	items := []expr{first}
	for p.op(",") {
		if p.peek().kind == tokenEnd || p.isOp(")") || p.isWord("if") {
			break
		}
		e, err := read()
		if err != nil {
			return nil, err
		}
		items = append(items, e)
	}
	return listExpr{items, true}, nil
}

func (p *parser) expression() (expr, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	for p.word("if") {
		c := conditional{then: e}
		if c.cond, err = p.or(); err != nil {
			return nil, err
		}
		if p.word("else") {
			if c.other, err = p.expression(); err != nil {
				return nil, err
			}
		}
		e = c
	}
	return e, nil
}

func (p *parser) or() (expr, error) {
	left, err := p.and()
	for err == nil && p.word("or") {
		var right expr
		right, err = p.and()
		left = binary{"or", left, right}
	}
	return left, err
}

func (p *parser) and() (expr, error) {
	left, err := p.not()
	for err == nil && p.word("and") {
		var right expr
		right, err = p.not()
		left = binary{"and", left, right}
	}
	return left, err
}

func (p *parser) not() (expr, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	if p.word("not") {
		e, err := p.not()
		return unary{"not", e}, err
	}
	return p.compare()
}

func (p *parser) compare() (expr, error) {
	first, err := p.sum()
	if err != nil {
		return nil, err
	}
	c := comparison{first: first}
	for {
		op := ""
		switch {
		case p.isOp("==", "!=", "<", "<=", ">", ">="):
			op = p.next().text
		case p.word("in"):
			op = "in"
		case p.isWord("not") && p.tokens[p.pos+1].kind == tokenName && p.tokens[p.pos+1].text == "in":
			p.pos += 2
			op = "not in"
		default:
			if len(c.ops) == 0 {
				return first, nil
			}
			return c, nil
		}
		e, err := p.sum()
		if err != nil {
			return nil, err
		}
		c.ops, c.rest = append(c.ops, op), append(c.rest, e)
	}
}

func (p *parser) sum() (expr, error) {
	left, err := p.concat()
	for err == nil && p.isOp("+", "-") {
		op := p.next().text
		var right expr
		right, err = p.concat()
		left = binary{op, left, right}
	}
	return left, err
}

func (p *parser) concat() (expr, error) {
	first, err := p.product()
	if err != nil || !p.isOp("~") {
		return first, err
	}
	c := concat{[]expr{first}}
	for p.op("~") {
		e, err := p.product()
		if err != nil {
			return nil, err
		}
		c.parts = append(c.parts, e)
	}
	return c, nil
}

func (p *parser) product() (expr, error) {
	left, err := p.power()
	for err == nil && p.isOp("*", "/", "//", "%") {
		op := p.next().text
		var right expr
		right, err = p.power()
		left = binary{op, left, right}
	}
	return left, err
}

func (p *parser) power() (expr, error) {
	left, err := p.unary(true)
	for err == nil && p.op("**") {
		var right expr
		right, err = p.unary(true)
		left = binary{"**", left, right}
	}
	return left, err
}

func (p *parser) unary(filtered bool) (expr, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	var e expr
	var err error
	if p.isOp("-", "+") {
		op := p.next().text
		e, err = p.unary(false)
		e = unary{op, e}
	} else {
		e, err = p.primary()
	}
	if err == nil {
		e, err = p.postfix(e)
	}
	if err == nil && filtered {
		e, err = p.filters(e)
	}
	return e, err
}

func (p *parser) primary() (expr, error) {
	t := p.next()
	switch {
	case t.kind == tokenName:
		switch t.text {
		case "true", "True":
			return constant{true}, nil
		case "false", "False":
			return constant{false}, nil
		case "none", "None":
			return constant{nil}, nil
		}
		return variable{t.text}, nil
	case t.kind == tokenNumber:
		return constant{t.value}, nil
	case t.kind == tokenString:
		var b strings.Builder
		b.WriteString(t.text)
		for p.peek().kind == tokenString {
			b.WriteString(p.next().text)
		}
		return constant{b.String()}, nil
	case t.kind == tokenOperator && t.text == "(":
		if p.op(")") {
			return listExpr{nil, true}, nil
		}
		e, err := p.tuple(true)
		if err != nil {
			return nil, err
		}
		return e, p.need(")")
	case t.kind == tokenOperator && t.text == "[":
		items, err := p.items("]")
		return listExpr{items, false}, err
	case t.kind == tokenOperator && t.text == "{":
		return p.dict()
	}
	if t.kind != tokenEOF {
		p.pos--
	}
	return nil, p.unexpected()
}

// items reads expressions up to the closing bracket, which may follow a comma.
func (p *parser) items(end string) ([]expr, error) {
	var items []expr
	for !p.op(end) {
		if len(items) > 0 {
			if err := p.need(","); err != nil {
				return nil, err
			}
			if p.op(end) {
				break
			}
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		items = append(items, e)
	}
	return items, nil
}

func (p *parser) dict() (expr, error) {
	var d dictExpr
	for !p.op("}") {
		if len(d.keys) > 0 {
			if err := p.need(","); err != nil {
				return nil, err
			}
			if p.op("}") {
				break
			}
		}
		k, err := p.expression()
		if err != nil {
			return nil, err
		}
		if err := p.need(":"); err != nil {
			return nil, err
		}
		v, err := p.expression()
		if err != nil {
			return nil, err
		}
		d.keys, d.values = append(d.keys, k), append(d.values, v)
	}
	return d, nil
}

func (p *parser) postfix(e expr) (expr, error) {
	for {
		switch {
		case p.op("."):
			switch t := p.next(); t.kind {
			case tokenName:
				e = attribute{e, t.text}
			case tokenNumber:
				e = subscript{e, constant{t.value}}
			default:
				p.pos--
				return nil, p.unexpected()
			}
		case p.op("["):
			var err error
			if e, err = p.subscript(e); err != nil {
				return nil, err
			}
		case p.isOp("("):
			line := p.peek().line
			args, named, err := p.arguments()
			if err != nil {
				return nil, err
			}
			e = call{e, args, named, line}
		default:
			return e, nil
		}
	}
}

func (p *parser) subscript(of expr) (expr, error) {
	var parts [3]expr
	n := 0
	for !p.isOp("]") {
		if p.op(":") {
			if n++; n > 2 {
				return nil, p.fail("a slice has three parts at most")
			}
			continue
		}
		if parts[n] != nil {
			return nil, p.unexpected()
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		parts[n] = e
	}
	p.pos++
	if n > 0 {
		return slice{of, parts[0], parts[1], parts[2]}, nil
	}
	if parts[0] == nil {
		return nil, p.fail("a subscript is empty")
	}
	return subscript{of, parts[0]}, nil
}

func (p *parser) arguments() (args []expr, names []named, err error) {
	if err := p.need("("); err != nil {
		return nil, nil, err
	}
	for first := true; !p.op(")"); first = false {
		if !first {
			if err := p.need(","); err != nil {
				return nil, nil, err
			}
			if p.op(")") {
				break
			}
		}
		if p.isOp("*", "**") {
			return nil, nil, p.fail("spread arguments are not supported")
		}
		name := ""
		if t, after := p.peek(), p.tokens[p.pos+1]; t.kind == tokenName && after.kind == tokenOperator && after.text == "=" {
			name = t.text
			p.pos += 2
		} else if names != nil {
			return nil, nil, p.fail("an argument without a name follows one with a name")
		}
		e, err := p.expression()
		if err != nil {
			return nil, nil, err
		}
		if name != "" {
			names = append(names, named{name, e})
		} else {
			args = append(args, e)
		}
	}
	return args, names, nil
}

func (p *parser) filters(e expr) (expr, error) {
	for {
		switch {
		case p.op("|"):
			f, err := p.filter(e)
			if err != nil {
				return nil, err
			}
			e = f
		case p.word("is"):
			t, err := p.test(e)
			if err != nil {
				return nil, err
			}
			e = t
		case p.isOp("("):
			line := p.peek().line
			args, named, err := p.arguments()
			if err != nil {
				return nil, err
			}
			e = call{e, args, named, line}
		default:
			return e, nil
		}
	}
}

func (p *parser) filter(of expr) (filterExpr, error) {
	if p.peek().kind != tokenName {
		return filterExpr{}, p.unexpected()
	}
	f := filterExpr{of: of, name: p.next().text}
	if _, ok := filters[f.name]; !ok {
		p.pos--
		return f, p.fail("unknown filter %q", f.name)
	}
	var err error
	if p.isOp("(") {
		f.args, f.named, err = p.arguments()
	}
	return f, err
}

func (p *parser) test(of expr) (expr, error) {
	t := testExpr{of: of, not: p.word("not")}
	if p.peek().kind != tokenName && !p.isOp("==", "!=", "<", "<=", ">", ">=") {
		return nil, p.unexpected()
	}
	t.name = p.next().text
	if _, ok := tests[t.name]; !ok {
		p.pos--
		return nil, p.fail("unknown test %q", t.name)
	}
	next := p.peek()
	switch {
	case p.isOp("("):
		args, names, err := p.arguments()
		if err != nil {
			return nil, err
		}
		if names != nil {
			return nil, p.fail("tests take no named arguments")
		}
		t.args = args
	case next.kind == tokenName && next.text != "else" && next.text != "or" && next.text != "and" && next.text != "if" && next.text != "is",
		next.kind == tokenString, next.kind == tokenNumber, p.isOp("[", "{"):
		arg, err := p.primary()
		if err == nil {
			arg, err = p.postfix(arg)
		}
		if err != nil {
			return nil, err
		}
		t.args = []expr{arg}
	}
	return t, nil
}
