//! What is reserved today: the first orders in line hold what they can get, one of them urgently.

use lotline_common::issuing::Priority;
use lotline_common::promise::{KitPlanOrder, ReservationCreate};

use super::world::World;
use crate::error::Result;
use crate::promise::kits::{self, KitFilter};
use crate::promise::reserving;

/// Orders that have reserved something.
const ORDERS: usize = 3;

/// Reserves a component for each of the first orders in line.
pub fn reserve(world: &World) -> Result<()> {
    let plan = world.act("clerk", |tx| kits::kit_plan(tx, &KitFilter::default()))?;
    for (place, order) in plan.orders.iter().take(ORDERS).enumerate() {
        if let Some(command) = wanted(order, place) {
            world.act("clerk", |tx| reserving::reservation_create(tx, &command).map(drop))?;
        }
    }
    Ok(())
}

/// What an order gets of its first component that there is something of.
fn wanted(order: &KitPlanOrder, place: usize) -> Option<ReservationCreate> {
    let line = order.lines.iter().find(|line| !line.served.is_zero())?;
    let (priority, reason) =
        if place == 0 { (Priority::Urgent, "客户产线等料") } else { (Priority::Normal, "首件试制用料") };
    Some(ReservationCreate {
        order_id: Some(order.order.id.into()),
        requisition_id: None,
        item_id: line.item.id,
        lot_id: None,
        quantity: line.served,
        priority,
        expires_at: None,
        reason: reason.to_owned(),
        take_over_reason: None,
    })
}
