-- A small shop to try it on: one schema, two tables, a column (customers.card) that no agent should read.
\set ON_ERROR_STOP on
BEGIN;
CREATE SCHEMA shop;
CREATE TABLE shop.customers (name text PRIMARY KEY, email text NOT NULL, card text);
CREATE TABLE shop.orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer text NOT NULL REFERENCES shop.customers,
  total numeric(10, 2) NOT NULL,
  placed timestamptz NOT NULL
);
CREATE INDEX orders_customer ON shop.orders (customer, placed);
INSERT INTO shop.customers SELECT 'n' || n, 'n' || n || '@shop.example', '4000-0000-0000-' || to_char(n, 'FM0000') FROM generate_series(1, 20) n;
-- An order every five hours, up to this morning.
INSERT INTO shop.orders (customer, total, placed)
  SELECT 'n' || n % 20 + 1, 5 + n % 7 * 2.5, current_date + time '09:00' - n * interval '5 hours' FROM generate_series(1, 200) n;
COMMIT;
ANALYZE shop.customers, shop.orders;
