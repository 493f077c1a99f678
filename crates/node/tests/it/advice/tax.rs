//! What a wallet shows its user of taxes, over its signed line: nothing before the house has the country's rules, then
//! every lot with what it cost and would bring, and which losses could not be taken now.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lots_and_losses_are_told_over_a_signed_call() {
    let (town, ana) = open_town("advice-tax").await;
    furnish(&town, &ana).await;
    let wallet = voice(&town, WALLETS[0].client_id, Scheme::Rfc9421);
    let goal = settle(&wallet, "u1").await;
    let path = format!("portfolios/{goal}/tax");
    let (status, early) = ask(&wallet, Method::GET, &path, &Value::Null).await;
    assert_eq!((status, early["code"].as_str()), (404, Some("NOT_KNOWN")), "{early}");
    let rules = json!({ "jurisdiction": "PH", "version": "1", "source": "made up for a test", "taxed": true,
        "order": "first", "wash_days": 30, "year_begins": "01-01" });
    let set = json!({ "request_id": "rules", "rules": rules });
    assert_eq!(house(&town, &ana, "tax-rules", &set).await.0, 200);

    let asked = json!({ "request_id": "first", "goal": goal, "kind": "initial", "amount_minor": 1_000_000 });
    let proposal = text(&good(&wallet, Method::POST, "proposals", asked).await, "id");
    let accept = json!({ "request_id": "accept", "confirmed": true });
    let accepted = good(&wallet, Method::POST, &format!("proposals/{proposal}/accept"), accept).await;
    let orders = accepted["orders"].as_array().expect("orders");
    let today = advice::calendar::Day(i32::try_from(hop::now_ms() / 86_400_000).expect("a day"));
    for order in orders {
        // One unit for all the money: dear, so that there is a loss.
        let id = text(order, "id");
        let fill = json!({ "request_id": format!("fill-{id}"), "carried_out": true,
            "units_millionths": 1_000_000, "amount_minor": order["amount_minor"], "fee_minor": 0,
            "day": today.to_string() });
        good(&wallet, Method::POST, &format!("orders/{id}/fills"), fill).await;
    }

    let told = good(&wallet, Method::GET, &path, Value::Null).await;
    for scheme in SCHEMES {
        let again = good(&voice(&town, WALLETS[0].client_id, scheme), Method::GET, &path, Value::Null).await;
        assert_eq!(again, told, "{scheme:?}");
    }
    assert_eq!(told["rules"]["source"], "made up for a test", "{told}");
    assert_eq!(told["year_begins"], format!("{}-01-01", today.civil().0));
    let whole =
        |value: &Value, key: &str| value[key].as_i64().unwrap_or_else(|| panic!("no {key} in {value}"));
    for (name, sum) in told["all_goals_this_year"].as_object().expect("sums") {
        assert_eq!(sum.as_i64(), Some(0), "nothing was sold: {name}");
    }
    let lots = told["lots"].as_array().expect("lots");
    let losses = told["losses"].as_array().expect("losses");
    assert_eq!((lots.len(), losses.len()), (orders.len(), orders.len()), "{told}");
    for order in orders {
        let is_of = |one: &&Value| one["product"] == order["product"];
        let lot = lots.iter().find(is_of).expect("a lot of each order");
        assert_eq!(whole(lot, "basis_minor"), whole(order, "amount_minor"), "{lot}");
        assert_eq!(whole(lot, "gain_minor"), whole(lot, "value_minor") - whole(lot, "basis_minor"), "{lot}");
        assert_eq!(lot["held_since"], today.to_string(), "{lot}");
        let loss = losses.iter().find(is_of).expect("a loss of each lot");
        assert_eq!(whole(loss, "loss_minor"), -whole(lot, "gain_minor"), "{loss}");
    }

    let other = voice(&town, WALLETS[1].client_id, Scheme::Rfc9421);
    let (status, answer) = ask(&other, Method::GET, &path, &Value::Null).await;
    assert_eq!((status, answer["code"].as_str()), (404, Some("NOT_KNOWN")), "another wallet's goal");
    let unsigned: [(&str, &str); 0] = [];
    let heard = send(Method::GET, &format!("{}/advice/{path}", town.base_url), &unsigned, b"").await;
    assert!([400, 401].contains(&heard.status.as_u16()), "{}", heard.text());
}
