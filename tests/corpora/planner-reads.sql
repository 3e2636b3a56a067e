select * from planner.pred where v = 5
select * from planner.pred where v = 5 and 1 = 1 order by v limit 1
select * from planner.expr where v = 5
select count(*) from planner.expr where v > 5 group by v
select * from planner.stat where v = 5
select count(*) from planner.stat group by v, id
select * from planner.part where v = 1
select * from planner.part
select * from planner.chk where v = 1
select * from planner.chkc where id = 1
select * from planner.opc where v = 5
select * from planner.opc where v > 990 order by v
select max(v) from planner.opc
select * from planner.popc where v = 1
select * from planner.popc where v in (1, 15)
select * from planner.hpart where v = 1
