/** The states of a workflow as a drawing, and the orders in them (WF5). */
export function Screen() {
  return <p>map</p>
}
