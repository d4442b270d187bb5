package widgettemplate

// expr is an expression.
type expr interface{ eval(r *run) (value, error) }

// statement is text or a tag.
type statement interface{ exec(r *run) error }

type (
	constant struct{ v value }
	variable struct{ name string }
	listExpr struct {
		items []expr
		tuple bool
	}
	dictExpr  struct{ keys, values []expr }
	attribute struct {
		of   expr
		name string
	}
	subscript struct{ of, key expr }
	slice     struct{ of, from, to, step expr } // parts may be nil
	call      struct {
		fn    expr
		args  []expr
		named []named
		line  int
	}
	named struct {
		name string
		v    expr
	}
	filterExpr struct {
		of    expr
		name  string
		args  []expr
		named []named
	}
	testExpr struct {
		of   expr
		name string
		not  bool
		args []expr
	}
	unary struct {
		op string
		of expr
	}
	binary struct {
		op          string
		left, right expr
	}
	concat     struct{ parts []expr }
	comparison struct {
		first expr
		ops   []string
		rest  []expr
	}
	conditional struct{ cond, then, other expr } // other may be nil
)

type (
	textNode  struct{ text string }
	printNode struct {
		e    expr
		line int
	}
	ifNode struct {
		conds  []expr
		bodies [][]statement // one more than conds if there is an else
		line   int
	}
	forNode struct {
		target []string
		over   expr
		cond   expr // nil for none
		body   []statement
		other  []statement
		line   int
	}
	setNode struct {
		target []string
		attr   string // of the namespace that is the only target
		v      expr   // nil for a block
		body   []statement
		filter []filterExpr
		line   int
	}
	withNode struct {
		names  []string
		values []expr
		body   []statement
		line   int
	}
)
