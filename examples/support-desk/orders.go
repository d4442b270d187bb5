package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// An order is what a customer has bought. Its JSON is what the model gets to read.
type order struct {
	ID       string `json:"id"`
	Product  string `json:"product"`
	Picture  string `json:"-"` // URL
	Cents    int    `json:"price_cents"`
	Status   status `json:"status"`
	Delivery string `json:"delivery"` // the day, as 2006-01-02
	Photo    string `json:"-"`        // attachment with which damage was reported, or ""
}

// The states of an order.
type status string

const (
	preparing status = "preparing"
	underway  status = "on its way"
	delivered status = "delivered"
	cancelled status = "cancelled"
	replacing status = "replacement ordered"
)

// price is for reading.
func (o order) price() string { return fmt.Sprintf("%d.%02d €", o.Cents/100, o.Cents%100) }

// day is the day of the delivery, for reading.
func (o order) day() string {
	day, err := time.Parse(time.DateOnly, o.Delivery)
	if err != nil {
		return o.Delivery
	}
	return day.Format("Monday, 2 January")
}

// A refusal is why something cannot be done with an order, in words for the customer and the model.
type refusal string

// Error returns the words.
func (r refusal) Error() string { return string(r) }

// orders are the shop's. Every method takes the owner: what belongs to somebody else does not exist.
type orders struct {
	db       *sql.DB
	now      func() time.Time
	pictures string // where pictures are, with a slash at its end
}

// seed adds the orders of the demonstration, with deliveries around today. Those that are there stay as they are.
func (o *orders) seed(ctx context.Context) error {
	for _, s := range []struct {
		id, owner, product, picture string
		cents                       int
		status                      status
		days                        int // until the delivery
	}{
		{"A-1001", "alice", "Desk lamp, brass", "lamp", 89_00, delivered, -3},
		{"A-1002", "alice", "Kettle, 1.7 litres", "kettle", 59_00, preparing, 3},
		{"A-1003", "alice", "Bookshelf, oak", "shelf", 249_00, underway, 1},
		{"B-2001", "bob", "Armchair, green", "chair", 329_00, preparing, 5},
		{"B-2002", "bob", "Desk lamp, brass", "lamp", 89_00, delivered, -10},
	} {
		_, err := o.db.ExecContext(ctx, `INSERT INTO desk_orders (id, owner, product, picture, cents, status, delivery)
			VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			s.id, s.owner, s.product, s.picture, s.cents, s.status, o.in(s.days))
		if err != nil {
			return fmt.Errorf("add order %s: %w", s.id, err)
		}
	}
	return nil
}

// in is the day in so many days.
func (o *orders) in(days int) string { return o.now().AddDate(0, 0, days).Format(time.DateOnly) }

const columns = `SELECT id, product, picture, cents, status, delivery, photo FROM desk_orders `

// scan reads a row with these columns.
func (o *orders) scan(row interface{ Scan(...any) error }) (order, error) {
	var next order
	err := row.Scan(&next.ID, &next.Product, &next.Picture, &next.Cents, &next.Status, &next.Delivery, &next.Photo)
	next.Picture = o.pictures + next.Picture + ".svg"
	return next, err
}

// list returns all orders of an owner.
func (o *orders) list(ctx context.Context, owner string) ([]order, error) {
	rows, err := o.db.QueryContext(ctx, columns+`WHERE owner = ? ORDER BY id`, owner)
	if err != nil {
		return nil, fmt.Errorf("list orders: %w", err)
	}
	defer rows.Close()
	all := []order{}
	for rows.Next() {
		next, err := o.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("list orders: %w", err)
		}
		all = append(all, next)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list orders: %w", err)
	}
	return all, nil
}

// find returns one order. One that is not there is a refusal.
func (o *orders) find(ctx context.Context, owner, id string) (order, error) {
	found, err := o.scan(o.db.QueryRowContext(ctx, columns+`WHERE owner = ? AND id = ?`, owner, id))
	if errors.Is(err, sql.ErrNoRows) {
		return order{}, refusal("There is no such order.")
	}
	if err != nil {
		return order{}, fmt.Errorf("find order: %w", err)
	}
	return found, nil
}

// cancel cancels an order that has not left. Cancelling one again does nothing.
func (o *orders) cancel(ctx context.Context, owner, id string) (order, error) {
	return o.change(ctx, owner, id, preparing, cancelled, `status = 'cancelled'`)
}

// deliver changes the day of delivery of an order that has not left.
func (o *orders) deliver(ctx context.Context, owner, id, day string) (order, error) {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return order{}, refusal("The day has to be written like 2026-01-31.")
	}
	if day < o.in(1) || day > o.in(30) {
		return order{}, refusal("We deliver from tomorrow on, and within thirty days.")
	}
	return o.change(ctx, owner, id, preparing, preparing, `delivery = ?`, day)
}

// replace orders a replacement for something that arrived damaged.
func (o *orders) replace(ctx context.Context, owner, id, photo, damage string) (order, error) {
	return o.change(ctx, owner, id, delivered, replacing,
		`status = 'replacement ordered', delivery = ?, photo = ?, damage = ?`, o.in(2), photo, damage)
}

// change sets columns of an order that is in one state, which brings it into another. An order that is there already
// stays as it is; any other state is a refusal. One statement looks and changes, so that two requests at a time
// do it once.
func (o *orders) change(ctx context.Context, owner, id string, from, to status, set string, args ...any) (order, error) {
	row := o.db.QueryRowContext(ctx, `UPDATE desk_orders SET `+set+` WHERE owner = ? AND id = ? AND status = ?
		RETURNING id, product, picture, cents, status, delivery, photo`, append(args, owner, id, from)...)
	changed, err := o.scan(row)
	if err == nil {
		return changed, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return order{}, fmt.Errorf("change order: %w", err)
	}
	found, err := o.find(ctx, owner, id)
	if err != nil || found.Status == to {
		return found, err
	}
	return found, refusal(fmt.Sprintf("Order %s is %s, so this is not possible.", found.ID, found.Status))
}
