-- An application as many have it: what it may do is given to one role, and it logs in as another one that is its member.
\set ON_ERROR_STOP on
BEGIN;
CREATE ROLE shop_app NOLOGIN;
GRANT USAGE ON SCHEMA shop TO shop_app;
GRANT SELECT, INSERT, UPDATE ON shop.orders, shop.customers TO shop_app;
CREATE ROLE shop_app_a LOGIN IN ROLE shop_app;
COMMIT;
