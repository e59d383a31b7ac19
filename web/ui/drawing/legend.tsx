import { useWords } from '../../words/words.ts'
import classes from './drawing.module.css'
import { drawingWords } from './words.ts'

const tones = ['customer', 'staff', 'system', 'success', 'failure'] as const

/** What the colours of a drawing mean. */
export function Legend() {
  const say = useWords(drawingWords)
  return (
    <ul className={classes['legend']}>
      {tones.map((tone) => (
        <li key={tone}>
          <i className={classes[tone]} aria-hidden />
          {say(tone)}
        </li>
      ))}
    </ul>
  )
}
