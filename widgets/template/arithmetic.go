package widgettemplate

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
)

func (e unary) eval(r *run) (value, error) {
	v, err := e.of.eval(r)
	if err != nil {
		return nil, err
	}
	if e.op == "not" {
		ok, err := truth(v)
		return !ok, err
	}
	if u, ok := v.(undefined); ok {
		return nil, u.err()
	}
	if n, ok := whole(v); ok {
		if e.op == "-" {
			n = new(big.Int).Neg(n)
		}
		return integer(n), nil
	}
	f, ok := v.(float64)
	if !ok {
		return nil, fmt.Errorf("%s has no sign", kind(v))
	}
	if e.op == "-" {
		f = -f
	}
	return f, nil
}

func (e binary) eval(r *run) (value, error) {
	left, err := e.left.eval(r)
	if err != nil {
		return nil, err
	}
	if e.op == "and" || e.op == "or" {
		ok, err := truth(left)
		if err != nil || ok == (e.op == "or") {
			return left, err
		}
		return e.right.eval(r)
	}
	right, err := e.right.eval(r)
	if err != nil {
		return nil, err
	}
	if err := r.spend(1); err != nil {
		return nil, err
	}
	return r.arithmetic(e.op, left, right)
}

func (r *run) arithmetic(op string, a, b value) (value, error) {
	for _, v := range []value{a, b} {
		if u, ok := v.(undefined); ok {
			return nil, u.err()
		}
	}
	if m, ok := whole(a); ok {
		if n, ok := whole(b); ok {
			return integers(op, m, n)
		}
	}
	if x, ok := float(a); ok {
		if y, ok := float(b); ok {
			return floats(op, x, y)
		}
	}
	switch op {
	case "+":
		switch a := a.(type) {
		case string:
			if b, ok := b.(string); ok {
				return a + b, r.spendBytes(len(a) + len(b))
			}
		case *list:
			if b, ok := b.(*list); ok && a.tuple == b.tuple {
				joined := a.clone()
				joined.items = append(joined.items, b.items...)
				return joined, r.spend(len(joined.items))
			}
		}
	case "*":
		if _, ok := whole(a); ok {
			a, b = b, a
		}
		if n, ok := small(b); ok {
			return r.repeat(a, max(n, 0))
		}
	}
	return nil, fmt.Errorf("%s %s %s is not possible", kind(a), op, kind(b))
}

func (r *run) repeat(v value, n int) (value, error) {
	switch v := v.(type) {
	case string:
		if len(v) > 0 && n > r.limits.Output/len(v) {
			return nil, ErrLimit
		}
		return strings.Repeat(v, n), r.spendBytes(len(v) * n)
	case *list:
		if len(v.items) > 0 && n > r.limits.Steps/len(v.items) {
			return nil, ErrLimit
		}
		out := &list{tuple: v.tuple}
		for range n {
			out.items = append(out.items, v.items...)
		}
		return out, r.spend(len(out.items))
	}
	return nil, fmt.Errorf("%s cannot be repeated", kind(v))
}

var errZero = errors.New("division by zero")

// maxBits bounds integers, which have no bound of their own.
const maxBits = 4096

func integers(op string, m, n *big.Int) (value, error) {
	out := new(big.Int)
	switch op {
	case "+":
		out.Add(m, n)
	case "-":
		out.Sub(m, n)
	case "*":
		out.Mul(m, n)
	case "/":
		if n.Sign() == 0 {
			return nil, errZero
		}
		f, _ := new(big.Rat).SetFrac(m, n).Float64()
		return f, nil
	case "//", "%":
		if n.Sign() == 0 {
			return nil, errZero
		}
		// Rounded down, and so the remainder has the sign of the divisor.
		rest := new(big.Int)
		out.QuoRem(m, n, rest)
		if rest.Sign() != 0 && rest.Sign() != n.Sign() {
			out.Sub(out, big.NewInt(1))
			rest.Add(rest, n)
		}
		if op == "%" {
			out = rest
		}
	case "**":
		if n.Sign() < 0 {
			x, _ := float(integer(m))
			y, _ := float(integer(n))
			return floats(op, x, y)
		}
		if !n.IsInt64() || m.BitLen() > 1 && n.Int64() > maxBits/int64(m.BitLen()) {
			return nil, errors.New("a number is too large")
		}
		out.Exp(m, n, nil)
	}
	if out.BitLen() > maxBits {
		return nil, errors.New("a number is too large")
	}
	return integer(out), nil
}

func floats(op string, x, y float64) (value, error) {
	var f float64
	switch op {
	case "+":
		f = x + y
	case "-":
		f = x - y
	case "*":
		f = x * y
	case "/", "//", "%":
		if y == 0 {
			return nil, errZero
		}
		switch op {
		case "/":
			f = x / y
		case "//":
			f = math.Floor(x / y)
		case "%":
			if f = math.Mod(x, y); f != 0 && (f < 0) != (y < 0) {
				f += y
			}
		}
	case "**":
		f = math.Pow(x, y)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, errors.New("a number is too large")
	}
	return f, nil
}
